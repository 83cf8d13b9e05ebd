//! Attributes that describe the device. The profile retains them (Retain Device Identity), and the last gate
//! does not search them: makers and models carry people's names (Siemens, Philips), serial and version numbers
//! look like dates.

use sumgil_dicom::{dicom_core::Tag, dictionary::tags};

const DEVICE: [Tag; 37] = [
    tags::MANUFACTURER,
    tags::MANUFACTURER_MODEL_NAME,
    tags::SOFTWARE_VERSIONS,
    tags::STATION_NAME,
    tags::DEVICE_SERIAL_NUMBER,
    tags::DEVICE_UID,
    tags::CASSETTE_ID,
    tags::DETECTOR_ID,
    tags::GANTRY_ID,
    tags::GENERATOR_ID,
    tags::PLATE_ID,
    tags::DETECTOR_MANUFACTURER_NAME,
    tags::DETECTOR_MANUFACTURER_MODEL_NAME,
    tags::X_RAY_DETECTOR_ID,
    tags::X_RAY_DETECTOR_LABEL,
    tags::X_RAY_SOURCE_ID,
    tags::DEVICE_DESCRIPTION,
    tags::DEVICE_LABEL,
    tags::LENS_MAKE,
    tags::LENS_MODEL,
    tags::LENS_SERIAL_NUMBER,
    tags::LENS_SPECIFICATION,
    tags::MANUFACTURER_DEVICE_CLASS_UID,
    tags::MANUFACTURER_DEVICE_IDENTIFIER,
    Tag(0x0020, 0x3401),
    tags::MODIFYING_SYSTEM,
    tags::PERFORMED_STATION_NAME,
    tags::SCHEDULED_STATION_NAME,
    tags::SCHEDULED_PROCEDURE_STEP_LOCATION,
    Tag(0x0032, 0x1020),
    tags::SOURCE_MANUFACTURER,
    tags::SOURCE_SERIAL_NUMBER,
    tags::TREATMENT_MACHINE_NAME,
    tags::UNIQUE_DEVICE_IDENTIFIER,
    Tag(0x0018, 0x1016),
    Tag(0x0018, 0x1018),
    Tag(0x0018, 0x1019),
];

/// Whether `tag` describes the device. (0018,1016/1018/1019) are maker, model and software of a capture device.
pub(crate) fn is_device(tag: Tag) -> bool {
    DEVICE.contains(&tag)
}
