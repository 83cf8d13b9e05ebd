//! Every word of the page, in English and in Korean. A missing one does not compile.

use super::Language;

/// Declares the words: a field for each, and both languages.
macro_rules! words {
    ($($key:ident: $english:literal, $korean:literal;)*) => {
        /// The words of one language.
        #[derive(Debug)]
        pub struct Words {
            $(#[doc = $english] pub $key: &'static str,)*
        }

        const ENGLISH: Words = Words { $($key: $english,)* };
        const KOREAN: Words = Words { $($key: $korean,)* };

        /// Each word in both languages, for tests.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str, &str)] = &[$((stringify!($key), $english, $korean),)*];
    };
}

impl Words {
    /// The words of `language`.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Korean => &KOREAN,
        }
    }
}

words! {
    site_name: "Sumgil edge", "숨길 엣지";
    nav_counts: "Counts", "현황";
    nav_review: "Quarantine", "격리함";
    nav_samples: "Samples", "표본";
    nav_log: "Log", "기록";
    nav_accounts: "Accounts", "계정";
    nav_mine: "My account", "내 계정";
    nav_label: "Pages", "페이지";
    skip: "Skip to the content", "본문으로 건너뛰기";
    language_label: "Language", "언어";
    log_in: "Log in", "로그인";
    log_out: "Log out", "로그아웃";
    log_in_why: "Beyond this point patients are named. Every view and every decision is written into this edge's log.", "이 안에서는 환자 정보가 보입니다. 모든 열람과 결정은 이 엣지의 기록에 남습니다.";
    name: "Name", "이름";
    password: "Password", "비밀번호";
    password_now: "Present password", "현재 비밀번호";
    password_new: "New password (at least 12 characters)", "새 비밀번호 (12자 이상)";
    password_again: "New password once more", "새 비밀번호 확인";
    password_change: "Change password", "비밀번호 변경";
    password_changed_ends: "Changing it ends all your sessions, this one included.", "변경하면 이 세션을 포함한 모든 세션이 끝납니다.";
    password_changed: "The password was changed. Log in with the new one.", "비밀번호를 변경했습니다. 새 비밀번호로 로그인하세요.";
    password_short: "The new password must have at least 12 characters.", "새 비밀번호는 12자 이상이어야 합니다.";
    password_differs: "The two new passwords differ.", "새 비밀번호 두 개가 서로 다릅니다.";
    log_in_refused: "Name or password is wrong, or there were too many attempts. After ten failures a name is closed for 15 minutes.", "이름이나 비밀번호가 맞지 않거나 시도가 너무 많았습니다. 열 번 실패하면 15분 동안 로그인할 수 없습니다.";
    no_accounts: "Nobody can log in yet. Add an account on this machine:", "아직 로그인할 수 있는 계정이 없습니다. 이 컴퓨터에서 계정을 추가하세요:";
    role: "Role", "역할";
    role_viewer: "viewer: looks, decides nothing", "열람자: 보기만 합니다";
    role_reviewer: "reviewer: decides", "검토자: 결정합니다";
    role_admin: "admin: decides, and looks after accounts", "관리자: 결정하고 계정을 관리합니다";
    yes: "yes", "예";
    no: "no", "아니요";
    disable: "Disable", "사용 중지";
    enable: "Enable", "다시 사용";
    disabled: "disabled", "사용 중지됨";
    active: "active", "사용 중";
    password_set: "Password set", "비밀번호 설정일";
    accounts_how: "Accounts are added on this machine:", "계정은 이 컴퓨터에서 추가합니다:";
    state: "State", "상태";
    review_title: "Waiting for a person", "사람의 결정을 기다리는 파일";
    review_none: "Nothing waits. Well done.", "기다리는 파일이 없습니다.";
    all_reasons: "All reasons", "모든 사유";
    filter: "Show", "보기";
    number: "No.", "번호";
    reason: "Reason", "사유";
    modality: "Modality", "검사 종류";
    device: "Device", "장비";
    device_unknown: "not noted", "기록 없음";
    received: "Received", "받은 시각";
    size: "Size", "크기";
    open: "Open", "열기";
    waits_second: "waits for a second person", "두 번째 확인 대기";
    cannot_leave: "can never leave", "반출 불가";
    quarantined: "in quarantine", "격리 중";
    next_page: "Further", "다음";
    first_page: "From the start", "처음부터";
    piles: "By reason and device", "사유와 장비별";
    pile_count: "Files", "파일 수";
    pile_release: "Release all ...", "모두 해제 ...";
    pile_title: "Release a whole pile", "묶음 전체 해제";
    pile_warn: "All of these go through de-identification once more with this reason overruled. Text that the detector finds in their pixels is blacked out; nobody looks at each one. Do this only when you have opened several of them and know what this device writes.", "이 파일들은 이 사유를 무시하고 비식별화를 다시 거칩니다. 검출기가 픽셀에서 찾은 글자는 가려지지만, 한 장씩 확인하지는 않습니다. 여러 장을 열어 보고 이 장비가 무엇을 기록하는지 알 때만 하세요.";
    pile_type: "Type the number of files to confirm", "확인을 위해 파일 수를 입력하세요";
    pile_wrong: "The number typed is not the number of files that wait now. Nothing was done.", "입력한 수가 지금 기다리는 파일 수와 다릅니다. 아무것도 하지 않았습니다.";
    before: "Before: as received", "전: 받은 그대로";
    after: "After: as it would leave", "후: 반출될 모습";
    previous: "Previous", "이전";
    next: "Next", "다음";
    back_to_list: "To the list", "목록으로";
    zoom_in: "Larger", "확대";
    zoom_out: "Smaller", "축소";
    zoom_fit: "Fit", "맞춤";
    frame: "Frame", "프레임";
    facts: "What the header says", "헤더 내용";
    fact_before: "Before", "전";
    fact_after: "After", "후";
    removed: "removed", "삭제됨";
    fact_patient_name: "Patient's name", "환자 이름";
    fact_patient_id: "Patient ID", "환자 번호";
    fact_birth_date: "Birth date", "생년월일";
    fact_sex: "Sex", "성별";
    fact_age: "Age", "나이";
    fact_study_date: "Study date", "검사일";
    fact_accession: "Accession number", "접수 번호";
    fact_institution: "Institution", "기관";
    fact_study: "Study", "검사명";
    fact_series: "Series", "시리즈";
    fact_body_part: "Body part", "부위";
    fact_image_type: "Image type", "영상 유형";
    fact_burned_in: "Burned-in text", "영상 내 글자";
    masks: "Masks", "가림";
    masks_none: "Nothing is blacked out.", "가려지는 곳이 없습니다.";
    masks_found: "found", "검출";
    masks_drawn: "drawn", "직접 그림";
    masks_earlier: "decided before", "이전 결정";
    mask_draw: "Draw a mask (m)", "가림 그리기 (m)";
    mask_drawing: "Drag over the left picture. Esc ends drawing.", "왼쪽 영상 위에서 끌어 주세요. Esc로 마칩니다.";
    mask_scope_all: "on all frames", "모든 프레임에";
    mask_scope_one: "on this frame only", "이 프레임에만";
    mask_drop: "drop", "빼기";
    mask_by_number: "Mask by numbers", "숫자로 가림 추가";
    mask_x: "left", "왼쪽";
    mask_y: "top", "위";
    mask_width: "width", "너비";
    mask_height: "height", "높이";
    mask_add: "Add", "추가";
    masks_doubtful: "perhaps text", "글자일 수 있음";
    masks_uncertain: "The detector is not certain: tick what is text.", "검출기가 확신하지 못합니다. 글자이면 체크하세요.";
    masks_failed: "The detector could not look at these pixels: look at all of them yourself.", "검출기가 이 픽셀을 볼 수 없습니다. 직접 모두 확인하세요.";
    decision: "Decision", "결정";
    release: "Release with these masks (r)", "이 가림으로 해제 (r)";
    release_plain: "Release (r)", "해제 (r)";
    release_propose: "Propose the release (r)", "해제 제안 (r)";
    release_second: "Confirm the release (r)", "해제 확인 (r)";
    discard: "Discard (d)", "폐기 (d)";
    release_sure: "It goes through de-identification once more with your masks, and is sent if nothing else holds it. You have looked at all of it.", "이 가림을 적용해 비식별화를 다시 거치고, 다른 사유가 없으면 보내집니다. 전체를 확인했다는 뜻입니다.";
    release_propose_sure: "Another person has to confirm it. Until then it stays here.", "다른 사람의 확인이 필요합니다. 그때까지 여기에 남습니다.";
    release_second_sure: "You confirm exactly what was proposed. You have looked at all of it yourself.", "제안된 그대로 확인합니다. 전체를 직접 확인했다는 뜻입니다.";
    discard_sure: "The copy here is deleted for good. The hospital's archive keeps its own.", "이곳의 사본을 완전히 삭제합니다. 병원 PACS의 원본은 그대로입니다.";
    note: "Note for the log", "기록에 남길 메모";
    note_required: "Reason", "사유";
    confirm: "Yes, do it", "예, 진행합니다";
    cancel: "Cancel", "취소";
    proposed_by: "Release proposed by", "해제 제안자";
    proposed_at: "at", "시각";
    same_person: "A second, different person has to confirm.", "다른 사람이 확인해야 합니다.";
    viewer_only: "Your role looks and decides nothing.", "열람만 할 수 있는 역할입니다.";
    still_held: "After a release it would be held again:", "해제해도 다시 격리됩니다:";
    no_result: "Nothing would leave.", "반출될 것이 없습니다.";
    no_picture: "There is no picture: no pixels, or they cannot be decoded.", "영상이 없습니다. 픽셀이 없거나 해독할 수 없습니다.";
    unreadable: "The file cannot be read. It can only be discarded.", "파일을 읽을 수 없습니다. 폐기만 할 수 있습니다.";
    texts: "All texts, before and after", "모든 글자, 전과 후";
    texts_changed: "only what differs", "달라진 것만";
    attribute: "Attribute", "속성";
    done_released: "Released. It is on its way through de-identification.", "해제했습니다. 비식별화를 다시 거칩니다.";
    done_proposed: "Proposed. It waits for a second person.", "제안했습니다. 두 번째 확인을 기다립니다.";
    done_discarded: "Discarded.", "폐기했습니다.";
    done_same_person: "Not done: a second, different person has to confirm.", "처리하지 않았습니다. 다른 사람이 확인해야 합니다.";
    done_gone: "Not done: somebody has decided meanwhile.", "처리하지 않았습니다. 그사이 다른 사람이 결정했습니다.";
    done_good: "Thank you. The original was deleted here.", "고맙습니다. 이곳의 원본을 삭제했습니다.";
    done_held_back: "Held back before it was sent. It now waits in quarantine.", "보내기 전에 붙잡았습니다. 이제 격리함에서 기다립니다.";
    done_sent: "It has been sent already. Recall it on this machine:", "이미 보내졌습니다. 이 컴퓨터에서 회수하세요:";
    samples_title: "Samples of what was cleared", "통과한 파일의 표본";
    samples_why: "Compare the original with what leaves. Nothing was stopped: this tells how good the automatic work is.", "원본과 반출본을 비교해 주세요. 멈춘 파일이 아니라, 자동 처리의 품질을 확인하는 표본입니다.";
    samples_none: "No sample waits.", "기다리는 표본이 없습니다.";
    samples_dropped: "Samples dropped unseen, because there were too many:", "너무 많아 보지 못하고 버린 표본:";
    sample_good: "Good (g)", "좋음 (g)";
    sample_missed: "Text was missed (t)", "글자가 남음 (t)";
    sample_lost: "Anatomy was lost (a)", "해부 구조가 가려짐 (a)";
    sample_good_sure: "Nothing that identifies was left, and no anatomy was hidden. The original is deleted here.", "식별 정보가 남지 않았고 해부 구조도 가려지지 않았습니다. 이곳의 원본을 삭제합니다.";
    sample_missed_sure: "This raises an alarm, holds the object back if it has not been sent, and puts the instance into quarantine.", "경보를 울리고, 아직 보내지 않았으면 붙잡고, 파일을 격리함에 넣습니다.";
    sample_lost_sure: "This raises an alarm, holds the object back if it has not been sent, and puts the instance into quarantine, where it can be released with other masks.", "경보를 울리고, 아직 보내지 않았으면 붙잡고, 파일을 격리함에 넣습니다. 거기서 다른 가림으로 해제할 수 있습니다.";
    object_spooled: "not yet sent", "아직 보내지 않음";
    object_sent: "sent", "보냄";
    log_title: "Who looked, and who decided", "누가 보고 누가 결정했는지";
    log_at: "When", "시각";
    log_who: "Who", "누가";
    log_what: "What", "무엇을";
    log_detail: "About", "내용";
    older: "Older", "이전 기록";
    not_found: "There is no such page, or somebody has decided about it meanwhile.", "그런 페이지가 없거나, 그사이 다른 사람이 결정했습니다.";
    forbidden: "Your role may not do this.", "이 역할로는 할 수 없습니다.";
    refused_request: "The request did not come from this page. Go back, load the page again and repeat.", "이 페이지에서 온 요청이 아닙니다. 돌아가서 새로 고친 뒤 다시 하세요.";
    failed: "Something went wrong here; the program's log says what.", "오류가 났습니다. 프로그램 기록을 확인하세요.";
    counts_json: "The same as JSON:", "JSON으로 보기:";
    counts_version: "Version", "버전";
    keys: "Keys: j next, k previous, m draw, r release, d discard", "단축키: j 다음, k 이전, m 그리기, r 해제, d 폐기";
    keys_samples: "Keys: j next, k previous, g good, t text missed, a anatomy lost", "단축키: j 다음, k 이전, g 좋음, t 글자 남음, a 해부 가려짐";
    done_title: "Done", "처리함";
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_hangul(c: char) -> bool {
        ('\u{ac00}'..='\u{d7a3}').contains(&c)
    }

    #[test]
    fn no_word_is_missing_in_either_language() {
        for (key, english, korean) in ALL {
            assert!(!english.is_empty() && !english.chars().any(is_hangul), "{key}");
            assert!(korean.chars().any(is_hangul), "{key} is not Korean: {korean}");
        }
        assert_eq!(Words::of(Language::Korean).log_in, "로그인");
        assert_eq!(Words::of(Language::English).log_in, "Log in");
    }
}
