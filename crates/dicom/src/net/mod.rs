//! The DICOM network: storage and verification provider, query, move and store user.
