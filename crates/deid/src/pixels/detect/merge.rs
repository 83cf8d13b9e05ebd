//! From the lines of one level, and of all levels, to what is reported.

use super::{
    detector::{CERTAIN, POSSIBLE},
    grey::Grey,
    line::{Line, join},
    lone::is_lone,
};

/// Pieces of one level that are looked at; an image full of hostile patterns has more.
const MOST_PIECES: usize = 3000;

/// Lines of one level: text, and marks of a single glyph.
pub(crate) struct Sorted {
    pub(crate) text: Vec<Line>,
    pub(crate) lone: Vec<Line>,
}

/// Joins the pieces of lines and sets lone marks apart. A single glyph with others on its row is a letter of a
/// name that is set wide.
pub(crate) fn sort(image: &Grey<'_>, mut pieces: Vec<Line>) -> Sorted {
    pieces.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    pieces.truncate(MOST_PIECES);
    let whole = join(pieces, Line::continues);
    let single: Vec<bool> = whole.iter().map(|line| is_lone(image, line)).collect();
    let is_mark = |at: usize| {
        let mut others = whole.iter().enumerate().filter(|(other, _)| *other != at);
        single[at] && !others.any(|(_, other)| other.confidence >= POSSIBLE && whole[at].is_near(other))
    };
    let (lone, text): (Vec<_>, Vec<_>) = (0..whole.len()).partition(|&at| is_mark(at));
    let lines = |indices: Vec<usize>| indices.into_iter().map(|at| whole[at]).collect();
    Sorted { text: lines(text), lone: lines(lone) }
}

/// Lines of all levels in pixels of the image: those that cover each other become one. What a coarse level
/// knows as a lone mark is not text because a fine one saw its strokes, and several lines that a fine level
/// tells apart are not one because a coarse one sees a block.
pub(crate) fn merge(levels: Vec<Sorted>) -> Vec<Line> {
    let mut text: Vec<Line> = Vec::new();
    let mut lone: Vec<Line> = Vec::new();
    for level in levels {
        let blocks: Vec<Line> = level.text.into_iter().filter(|block| !told_apart(block, &text)).collect();
        text.extend(blocks);
        lone.extend(level.lone);
    }
    text.retain(|line| !lone.iter().any(|mark| is_part(line, mark)));
    join(text, are_one)
}

/// Whether two boxes cover each other. What is only possible does not make a certain line much larger.
fn are_one(a: &Line, b: &Line) -> bool {
    let (low, high) = if a.confidence < b.confidence { (a, b) } else { (b, a) };
    let alike = low.confidence >= CERTAIN || high.confidence < CERTAIN;
    let close = a.shared(b) > 0.5 * a.area().min(b.area());
    close && (alike || a.with(b).area() < 1.6 * high.area())
}

/// Whether finer levels saw the whole block as lines of their own. Of a block that is only possible they need
/// not explain all: what looked like text are those lines.
fn told_apart(block: &Line, finer: &[Line]) -> bool {
    let is_line = |line: &&Line| {
        let low = line.height() <= 0.6 * block.height() && line.width() >= 1.5 * line.height();
        low && line.confidence >= CERTAIN && inside(line, block)
    };
    let lines: Vec<&Line> = finer.iter().filter(is_line).collect();
    let filled: f32 = lines.iter().map(|line| line.area()).sum();
    if block.confidence < CERTAIN {
        return filled > 0.1 * block.area();
    }
    let hull =
        lines.iter().fold(None, |hull: Option<Line>, line| Some(hull.map_or(**line, |h| h.with(line))));
    let covers = |share: f32| hull.is_some_and(|hull| hull.shared(block) > share * block.area());
    covers(0.75) && filled > 0.3 * block.area()
        || stacked(&lines) >= 3 && covers(0.3) && filled > 0.12 * block.area()
}

/// How many lines stand one under the other: a paragraph looks like a line of large letters from afar.
fn stacked(lines: &[&Line]) -> usize {
    let mut middles: Vec<(f32, f32)> =
        lines.iter().map(|line| ((line.top + line.bottom) / 2.0, line.height())).collect();
    middles.sort_by(|a, b| a.0.total_cmp(&b.0));
    let below = |two: &[(f32, f32)]| two[1].0 - two[0].0 > 0.6 * two[0].1.min(two[1].1);
    middles.windows(2).filter(|two| below(two)).count() + usize::from(!middles.is_empty())
}

/// Whether a box holds strokes of a mark: much less than the mark, but no line of small text within it. Two
/// letters that a fine level tells apart are as large as the blot that a coarse one takes them for.
fn is_part(line: &Line, mark: &Line) -> bool {
    let sized = line.area() < 0.4 * mark.area() && line.height() > 0.25 * mark.height();
    sized && line.width() < 2.0 * line.height() && inside(line, mark)
}

fn inside(line: &Line, mark: &Line) -> bool {
    line.shared(mark) > 0.8 * line.area()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(left: f32, top: f32, right: f32, bottom: f32) -> Line {
        Line { left, top, right, bottom, confidence: 0.5 }
    }

    #[test]
    fn what_two_levels_saw_is_reported_once_and_strokes_of_a_mark_are_not() {
        let fine =
            Sorted { text: vec![line(0.0, 0.0, 50.0, 10.0), line(200.0, 200.0, 212.0, 212.0)], lone: vec![] };
        let coarse =
            Sorted { text: vec![line(20.0, -1.0, 90.0, 11.0)], lone: vec![line(198.0, 198.0, 225.0, 230.0)] };
        assert_eq!(merge(vec![fine, coarse]), vec![line(0.0, -1.0, 90.0, 11.0)]);
    }

    #[test]
    fn lines_told_apart_are_not_made_a_block_again_and_small_text_in_a_mark_stays() {
        let sure = |left, top, right, bottom| Line { confidence: 0.9, ..line(left, top, right, bottom) };
        let lines = vec![sure(0.0, 0.0, 100.0, 16.0), sure(2.0, 20.0, 98.0, 36.0)];
        let fine = Sorted { text: lines.clone(), lone: vec![] };
        let block = Sorted { text: vec![sure(0.0, 0.0, 102.0, 37.0)], lone: vec![] };
        assert_eq!(merge(vec![fine, block]), lines);
        let paragraph: Vec<Line> =
            (0..4).map(|n| sure(0.0, 20.0 * n as f32, 100.0, 20.0 * n as f32 + 16.0)).collect();
        let fine = Sorted { text: paragraph.clone(), lone: vec![] };
        let blot = Sorted { text: vec![sure(-60.0, -5.0, 160.0, 95.0)], lone: vec![] };
        assert_eq!(merge(vec![fine, blot]), paragraph, "a paragraph is no large line");
        let doubt = Sorted { text: vec![line(0.0, 0.0, 300.0, 200.0)], lone: vec![] };
        let fine = Sorted { text: lines.clone(), lone: vec![] };
        assert_eq!(merge(vec![fine, doubt]).len(), 3, "a doubtful block does not swallow certain lines");
        let fine = Sorted { text: lines.clone(), lone: vec![] };
        let mark = Sorted { text: vec![], lone: vec![line(-5.0, -5.0, 110.0, 80.0)] };
        assert_eq!(merge(vec![fine, mark]), lines);
    }

    #[test]
    fn a_doubtful_block_around_certain_lines_is_those_lines() {
        let sure = Line { confidence: 0.9, ..line(10.0, 10.0, 110.0, 26.0) };
        let fine = Sorted { text: vec![sure], lone: vec![] };
        let block = Sorted { text: vec![line(0.0, 0.0, 140.0, 80.0)], lone: vec![] };
        assert_eq!(merge(vec![fine, block]), vec![sure]);
    }

    #[test]
    fn two_letters_that_a_coarse_level_takes_for_one_are_kept() {
        let letters = vec![line(100.0, 100.0, 130.0, 117.0)];
        let fine = Sorted { text: letters.clone(), lone: vec![] };
        let coarse = Sorted { text: vec![], lone: vec![line(98.0, 98.0, 132.0, 120.0)] };
        assert_eq!(merge(vec![fine, coarse]), letters);
    }
}
