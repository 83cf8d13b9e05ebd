//! DICOMweb messages: DICOM JSON, multipart, query parameters.
