//! Machine words as sentences: why an instance waits, what the counts are, what the log tells.

use super::Language;

/// A word in English and in Korean.
type Said = (&'static str, &'static str, &'static str);

const REASONS: &[Said] = &[
    (
        "burned-in-annotation",
        "The header says that text is burned into the pixels",
        "헤더에 영상 안 글자가 있다고 적혀 있음",
    ),
    (
        "burned-in-unknown",
        "The header does not deny text burned into the pixels",
        "영상 안 글자가 없다는 말이 헤더에 없음",
    ),
    ("text-doubtful", "Something in the pixels may be text", "픽셀에 글자일 수 있는 것이 있음"),
    ("pixels-unreadable", "The pixels cannot be looked at", "픽셀을 확인할 수 없음"),
    (
        "pixels-too-many-findings",
        "More is found in the pixels than text on a picture",
        "픽셀에서 글자가 지나치게 많이 검출됨",
    ),
    ("pixels-not-cleaned", "The profile does not clean pixels", "프로필이 픽셀을 가리지 않음"),
    ("derived-screen", "A screen or image saved beside the examination", "검사 옆에 저장된 화면 영상"),
    ("secondary-capture", "Secondary capture: captured, not acquired", "이차 캡처 영상"),
    ("ultrasound", "Ultrasound: screens carry text", "초음파: 화면에 글자가 있음"),
    ("photograph-or-video", "Photograph or video", "사진 또는 동영상"),
    ("structured-report", "Structured report: text has to be looked at", "구조화 보고서: 글을 확인해야 함"),
    ("presentation-state", "Presentation state with graphics and text", "도형과 글자가 있는 표시 상태"),
    ("encapsulated-document", "A document inside DICOM never leaves", "DICOM 안의 문서는 반출하지 않음"),
    ("dicomdir", "A media directory, not an instance", "미디어 목록 파일"),
    ("unknown-sop-class", "Unknown kind of object", "알 수 없는 종류의 파일"),
    ("unsupported-sop-class", "A kind of object that is not handled", "다루지 않는 종류의 파일"),
    ("no-pixels", "An image without pixels or without their description", "픽셀이나 픽셀 설명이 없는 영상"),
    ("no-modality", "The modality is absent", "검사 종류가 없음"),
    ("no-instance", "Study, series or instance UID is absent", "검사·시리즈·영상 UID가 없음"),
    ("checker", "The last check found something out of order", "마지막 점검에서 문제를 찾음"),
    ("identifier-in-text", "A patient identifier is left in a text", "글 안에 환자 식별자가 남음"),
    (
        "identifier-in-bulk",
        "A patient identifier is left in binary data",
        "이진 데이터 안에 환자 식별자가 남음",
    ),
    ("cannot-write", "The result cannot be written", "결과를 쓸 수 없음"),
    ("damaged-copy", "The copy here is damaged; send it again", "이곳의 사본이 손상됨. 다시 보내 주세요"),
    ("unreadable", "It cannot be read", "읽을 수 없음"),
    ("text-missed", "A person saw that text was left in", "사람이 남은 글자를 발견함"),
    ("anatomy-lost", "A person saw that anatomy was hidden", "사람이 가려진 해부 구조를 발견함"),
    ("taken-back", "It was taken back from the centre", "센터에서 회수된 파일"),
    ("withheld", "A person held it back", "사람이 붙잡음"),
];

const COUNTS: &[Said] = &[
    ("", "Held, waiting until their study is quiet", "받아 둠, 검사가 끝나기를 기다림"),
    ("", "Sealed, waiting to be sent", "봉인됨, 보내기를 기다림"),
    ("", "Sent: instances with a receipt", "보냄: 수신증을 받은 영상"),
    ("", "Sent: clinical records with a receipt", "보냄: 수신증을 받은 임상 기록"),
    ("", "Sent: kept apart at the centre as another version", "보냄: 센터에서 다른 판으로 보관"),
    ("", "In quarantine, waiting for a person", "격리함, 사람의 결정을 기다림"),
    ("", "Never to be sent", "반출하지 않음"),
    ("", "Kept by the policy", "정책에 따라 보관"),
    ("", "Refused by the registry", "레지스트리가 거부"),
    ("", "Discarded by a person", "사람이 폐기"),
    ("", "Held back by a person before it was sent", "보내기 전에 사람이 붙잡음"),
    ("", "Samples waiting for a person's look", "사람의 확인을 기다리는 표본"),
    ("", "Received again", "다시 받음"),
    ("", "Received with a known UID and other content", "같은 UID에 다른 내용으로 받음"),
    ("", "Taken back by a person", "사람이 회수"),
    ("", "Recalls whose erasure is not confirmed", "삭제가 확인되지 않은 회수"),
    ("", "Statements waiting for the centre", "센터로 보낼 진술"),
    ("", "Self-test: planted identifiers hidden", "자체 점검: 숨겨진 식별자"),
    ("", "Self-test: technical values kept", "자체 점검: 남겨진 기술 값"),
    ("", "Self-test", "자체 점검"),
    ("", "Approval", "승인"),
    ("", "Exam notes waiting for their study", "검사를 기다리는 임상 메모"),
    ("", "Alarms: see 'sumgil-edge quarantine list'", "경보: 'sumgil-edge quarantine list' 참고"),
];

const DEEDS: &[Said] = &[
    ("review open", "opened in quarantine", "격리함에서 열람"),
    ("picture open", "opened a picture", "영상 열람"),
    ("sample open", "opened a sample", "표본 열람"),
    ("quarantine show", "looked at (command)", "명령으로 열람"),
    ("quarantine release", "released", "해제"),
    ("quarantine propose", "proposed the release", "해제 제안"),
    ("quarantine confirm", "confirmed the release", "해제 확인"),
    ("quarantine discard", "discarded", "폐기"),
    ("sample judge", "judged a sample", "표본 판정"),
    ("recall", "recalled", "회수"),
    ("recall confirm", "confirmed a recall", "회수 확정"),
    ("approval set", "entered the approval", "승인 입력"),
    ("self-test overrule", "overruled the self-test", "자체 점검 무시"),
    ("subject alias", "joined two patients", "두 환자 합침"),
    ("offer again", "offered again", "다시 보냄"),
    ("log in", "logged in", "로그인"),
    ("log in refused", "log-in refused", "로그인 거부"),
    ("log out", "logged out", "로그아웃"),
    ("log open", "opened the log", "기록 열람"),
    ("account add", "added an account", "계정 추가"),
    ("account disable", "disabled an account", "계정 사용 중지"),
    ("account enable", "enabled an account", "계정 다시 사용"),
    ("account password", "set a password", "비밀번호 설정"),
    ("subject find by patient", "looked up a patient", "환자로 대상자 조회"),
    ("subject find by subject", "looked up a subject", "대상자로 환자 조회"),
];

/// Why an instance waits, in words; a code that has none stands for itself.
pub(crate) fn reason(language: Language, code: &str) -> &str {
    said(REASONS, language, |s| s.0 == code).unwrap_or(code)
}

/// A row of the counts, whose English words are its key.
pub(crate) fn count(language: Language, english: &str) -> &str {
    said(COUNTS, language, |s| s.1 == english).unwrap_or(english)
}

/// What somebody did, in words.
pub(crate) fn deed(language: Language, what: &str) -> &str {
    said(DEEDS, language, |s| s.0 == what).unwrap_or(what)
}

fn said(table: &[Said], language: Language, wanted: impl Fn(&Said) -> bool) -> Option<&'static str> {
    let found = table.iter().find(|s| wanted(s))?;
    Some(match language {
        Language::English => found.1,
        Language::Korean => found.2,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_there_in_both_languages() {
        for (code, english, korean) in REASONS.iter().chain(COUNTS).chain(DEEDS) {
            assert!(!english.is_empty() && korean.chars().any(|c| c >= '\u{ac00}'), "{code} {english}");
        }
        assert_eq!(reason(Language::Korean, "ultrasound"), "초음파: 화면에 글자가 있음");
        assert_eq!(reason(Language::Korean, "a-new-code"), "a-new-code");
    }
}
