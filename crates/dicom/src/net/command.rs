//! DIMSE command sets (PS3.7 section 6.3): group 0000 in Implicit VR Little Endian, whatever the data set uses.

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_transfer_syntax_registry::entries::IMPLICIT_VR_LITTLE_ENDIAN;

use super::{
    NetError,
    wire::{HEADER_BYTES, P_DATA},
};

/// Longest command set that is read, in bytes. The standard's longest need well under 1 KiB.
pub(crate) const MAX_COMMAND: usize = 16 * 1024;
const MAX_ELEMENTS: usize = 64;
/// Command Data Set Type (0000,0800) that says: no data set follows.
const NO_DATA_SET: u16 = 0x0101;

/// Command Field (0000,0100) values of PS3.7 table E.1-1; an answer is the request with the high bit.
pub(crate) mod field {
    pub(crate) const C_STORE: u16 = 0x0001;
    pub(crate) const C_FIND: u16 = 0x0020;
    pub(crate) const C_MOVE: u16 = 0x0021;
    pub(crate) const C_ECHO: u16 = 0x0030;
    pub(crate) const C_CANCEL: u16 = 0x0FFF;
    pub(crate) const ANSWER: u16 = 0x8000;
}

/// One command set, read or to be sent.
pub(crate) struct Command(InMemDicomObject);

impl Command {
    /// A command set with its field and whether a data set follows it.
    pub(crate) fn new(command_field: u16, has_data_set: bool) -> Self {
        let data_set_type = if has_data_set { 0x0001 } else { NO_DATA_SET };
        Self(InMemDicomObject::new_empty())
            .number(tags::COMMAND_FIELD, command_field)
            .number(tags::COMMAND_DATA_SET_TYPE, data_set_type)
    }

    /// The answer to `request`: same message, same SOP class, with a status.
    pub(crate) fn answer(request: &Self, status: u16) -> Self {
        let answer = Self::new(request.field() | field::ANSWER, false)
            .number(tags::MESSAGE_ID_BEING_RESPONDED_TO, request.message_id())
            .number(tags::STATUS, status);
        match request.text(tags::AFFECTED_SOP_CLASS_UID) {
            Some(uid) => answer.uid(tags::AFFECTED_SOP_CLASS_UID, &uid),
            None => answer,
        }
    }

    pub(crate) fn number(mut self, tag: Tag, value: u16) -> Self {
        self.0.put(DataElement::new(tag, VR::US, PrimitiveValue::from(value)));
        self
    }

    pub(crate) fn uid(self, tag: Tag, value: &str) -> Self {
        self.string(tag, VR::UI, value)
    }

    pub(crate) fn string(mut self, tag: Tag, vr: VR, value: &str) -> Self {
        self.0.put(DataElement::new(tag, vr, PrimitiveValue::from(value)));
        self
    }

    pub(crate) fn field(&self) -> u16 {
        self.integer(tags::COMMAND_FIELD).unwrap_or(0)
    }

    pub(crate) fn message_id(&self) -> u16 {
        self.integer(tags::MESSAGE_ID).unwrap_or(0)
    }

    pub(crate) fn has_data_set(&self) -> bool {
        self.integer(tags::COMMAND_DATA_SET_TYPE).unwrap_or(NO_DATA_SET) != NO_DATA_SET
    }

    pub(crate) fn integer(&self, tag: Tag) -> Option<u16> {
        self.0.get(tag)?.to_int().ok()
    }

    /// The value as text without padding, or `None` when absent or empty.
    pub(crate) fn text(&self, tag: Tag) -> Option<String> {
        let text = self.0.get(tag)?.to_str().ok()?;
        Some(text.trim_matches(['\0', ' ']).to_owned()).filter(|text| !text.is_empty())
    }

    /// Parses a command set that a peer sent.
    ///
    /// # Errors
    /// [`NetError::Malformed`] for anything that is not a short, flat list of group 0000 elements; the parser
    /// of dicom-rs sees only what passed that check, so it can neither recurse nor allocate by a declared length.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, NetError> {
        check_flat(bytes)?;
        let set = InMemDicomObject::read_dataset_with_ts(bytes, &IMPLICIT_VR_LITTLE_ENDIAN.erased());
        let set = set.map_err(|_| NetError::Malformed("command set"))?;
        if set.get(tags::COMMAND_FIELD).is_none() {
            return Err(NetError::Malformed("command set without a command field"));
        }
        Ok(Self(set))
    }

    /// The command set as bytes, led by its group length.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, NetError> {
        let mut body = Vec::with_capacity(256);
        let written = self.0.write_dataset_with_ts(&mut body, &IMPLICIT_VR_LITTLE_ENDIAN.erased());
        written.map_err(|_| NetError::Malformed("command set to send"))?;
        let mut bytes = vec![0, 0, 0, 0, 4, 0, 0, 0];
        bytes.extend_from_slice(&(body.len() as u32).to_le_bytes());
        bytes.append(&mut body);
        Ok(bytes)
    }

    /// The command set as complete P-DATA PDUs of at most `max_pdu` bytes (0: no limit), for one write.
    pub(crate) fn encode_pdus(&self, context: u8, max_pdu: u32) -> Result<Vec<u8>, NetError> {
        let bytes = self.encode()?;
        let mut pdus = Vec::with_capacity(bytes.len() + 64);
        let pieces = bytes.chunks(fragment_bytes(max_pdu));
        let last = pieces.len() - 1;
        for (index, piece) in pieces.enumerate() {
            pdus.extend_from_slice(&p_data_header(context, true, index == last, piece.len() as u32));
            pdus.extend_from_slice(piece);
        }
        Ok(pdus)
    }
}

/// The most bytes of a message in one P-DATA PDU of at most `max_pdu` bytes (0: no limit but ours).
pub(crate) fn fragment_bytes(max_pdu: u32) -> usize {
    const OURS: u32 = 256 * 1024;
    let limit = if max_pdu == 0 { OURS } else { max_pdu.clamp(128, OURS) };
    // Fragments of a data set have even length (PS3.8 annex E.1).
    ((limit - HEADER_BYTES) & !1) as usize
}

/// Header of a P-DATA PDU with a single fragment of `length` bytes.
pub(crate) fn p_data_header(context: u8, is_command: bool, is_last: bool, length: u32) -> [u8; 12] {
    let [a, b, c, d] = (length + HEADER_BYTES).to_be_bytes();
    let [e, f, g, h] = (length + 2).to_be_bytes();
    let control = u8::from(is_command) | (u8::from(is_last) << 1);
    [P_DATA, 0, a, b, c, d, e, f, g, h, context, control]
}

fn check_flat(mut bytes: &[u8]) -> Result<(), NetError> {
    let malformed = || NetError::Malformed("command set");
    if bytes.len() > MAX_COMMAND {
        return Err(malformed());
    }
    for _ in 0..MAX_ELEMENTS {
        let Some((head, rest)) = bytes.split_first_chunk::<8>() else {
            return if bytes.is_empty() { Ok(()) } else { Err(malformed()) };
        };
        let [g0, g1, _, _, length @ ..] = *head;
        let length = u32::from_le_bytes(length) as usize;
        if (g0, g1) != (0, 0) || length > rest.len() {
            return Err(malformed());
        }
        bytes = &rest[length..];
    }
    if bytes.is_empty() { Ok(()) } else { Err(malformed()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn store(class: &str, instance: &str) -> Command {
        Command::new(field::C_STORE, true)
            .number(tags::MESSAGE_ID, 7)
            .uid(tags::AFFECTED_SOP_CLASS_UID, class)
            .uid(tags::AFFECTED_SOP_INSTANCE_UID, instance)
    }

    #[test]
    fn group_length_counts_the_rest_and_values_are_even() {
        let bytes = store("1.2.840.10008.1.1", "1.2.3").encode().unwrap();
        assert_eq!(&bytes[..8], &[0, 0, 0, 0, 4, 0, 0, 0]);
        assert_eq!(u32::from_le_bytes(bytes[8..12].try_into().unwrap()) as usize, bytes.len() - 12);
        assert_eq!(bytes.len() % 2, 0);
        assert!(bytes.windows(6).any(|w| w == b"1.2.3\0"), "a UID is padded with NUL");
    }

    #[test]
    fn sequences_foreign_groups_and_long_lengths_never_reach_the_parser() {
        let foreign = [8, 0, 0x15, 0x11, 0xFF, 0xFF, 0xFF, 0xFF];
        let beyond = [0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0x7F, 1, 0];
        let torn = [0, 0, 0, 1, 2, 0];
        for bytes in [&foreign[..], &beyond[..], &torn[..], &[0u8; 8 * 65][..]] {
            assert!(matches!(Command::parse(bytes), Err(NetError::Malformed(_))));
        }
        assert!(Command::parse(&vec![0; MAX_COMMAND + 8]).is_err());
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_parsed_again(class in "[0-9.]{1,64}", instance in "[0-9.]{1,64}", max_pdu in 0u32..3000) {
            let command = store(&class, &instance);
            let parsed = Command::parse(&command.encode().unwrap()).unwrap();
            prop_assert_eq!(parsed.field(), field::C_STORE);
            prop_assert_eq!(parsed.message_id(), 7);
            prop_assert!(parsed.has_data_set());
            prop_assert_eq!(parsed.text(tags::AFFECTED_SOP_CLASS_UID), Some(class));
            prop_assert_eq!(parsed.text(tags::AFFECTED_SOP_INSTANCE_UID), Some(instance));
            let pdus = command.encode_pdus(1, max_pdu).unwrap();
            let first = u32::from_be_bytes(pdus[2..6].try_into().unwrap());
            prop_assert!(max_pdu == 0 || first <= max_pdu.max(128));
        }

        #[test]
        fn any_bytes_are_parsed_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Command::parse(&bytes);
        }

        #[test]
        fn any_flat_group_zero_list_is_parsed_or_refused(
            elements in proptest::collection::vec((any::<u16>(), proptest::collection::vec(any::<u8>(), 0..40)), 0..20)
        ) {
            let mut bytes = Vec::new();
            for (element, value) in elements {
                bytes.extend_from_slice(&[0, 0]);
                bytes.extend_from_slice(&element.to_le_bytes());
                bytes.extend_from_slice(&(value.len() as u32).to_le_bytes());
                bytes.extend_from_slice(&value);
            }
            if let Ok(command) = Command::parse(&bytes) {
                let _ = (command.message_id(), command.has_data_set(), command.text(tags::AFFECTED_SOP_INSTANCE_UID));
                let _ = Command::answer(&command, 0).encode();
            }
        }
    }
}
