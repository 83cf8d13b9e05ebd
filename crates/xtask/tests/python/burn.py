"""Gives invented images what people have to look at: text burned into the pixels, frames, a report.

burn.py FROM TO: reads radiographs and slices below FROM, writes a few changed ones into TO, and prints how many.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

FONTS = (
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/unfonts-core/UnDotum.ttf",
)
PHOTOGRAPHS = "1.2.840.10008.5.1.4.1.1.77.1.1.1"
REPORT = "1.2.840.10008.5.1.4.1.1.88.22"


def font(size):
    found = next((path for path in FONTS if Path(path).exists()), None)
    return ImageFont.truetype(found, size) if found else ImageFont.load_default(size=size)


def write(image, text, at, size, value):
    """Draws `text` into an array of grey values."""
    height, width = image.shape
    mask = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(mask)
    draw.text(at, text, fill=255, font=font(size))
    strokes = np.asarray(mask, dtype=np.float32) / 255
    return (image * (1 - strokes) + value * strokes).astype(image.dtype)


def name_of(data_set):
    """The name as it was typed: some invented scanners do not say in which character set."""
    name = data_set.PatientName
    if "SpecificCharacterSet" not in data_set and name.original_string:
        name = name.original_string.decode("cp949", errors="replace")
    return str(name).split("=")[0].replace("^", " ")


def lines(data_set):
    name = name_of(data_set)
    return [name, f"ID {data_set.PatientID}", f"{data_set.get('StudyDate', '')} PORTABLE"]


def plain(path):
    data_set = pydicom.dcmread(path)
    if data_set.file_meta.TransferSyntaxUID.is_compressed:
        data_set.decompress()
    data_set.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return data_set


def renew(data_set):
    data_set.SOPInstanceUID = generate_uid()
    data_set.file_meta.MediaStorageSOPInstanceUID = data_set.SOPInstanceUID
    data_set.file_meta.MediaStorageSOPClassUID = data_set.SOPClassUID
    return data_set


def enlarged(array, least):
    """Invented images are small; text needs room."""
    factor = max(1, -(-least // max(array.shape)))
    if factor == 1:
        return array
    size = (array.shape[1] * factor, array.shape[0] * factor)
    smooth = np.asarray(Image.fromarray(array.astype(np.float32)).resize(size, Image.Resampling.BICUBIC))
    return np.clip(smooth, array.min(), array.max()).astype(array.dtype)


def radiograph(path):
    data_set = plain(path)
    image = enlarged(data_set.pixel_array, 700)
    bright = int(image.max()) if data_set.PhotometricInterpretation != "MONOCHROME1" else int(image.min())
    for n, text in enumerate(lines(data_set)):
        image = write(image, text, (14, 12 + n * 30), 24, bright)
    data_set.Rows, data_set.Columns = image.shape
    data_set.PixelData = image.tobytes()
    data_set.BurnedInAnnotation = "YES"
    # nobody knows whether the policy wants it, so that a person has to look
    del data_set.Modality
    return renew(data_set)


def photographs(path, frames=6):
    data_set = plain(path)
    slice_ = enlarged(data_set.pixel_array.astype(np.float32), 480)
    grey = np.clip((slice_ - slice_.min()) / max(1.0, np.ptp(slice_)) * 190, 0, 255).astype(np.uint8)
    stack = []
    for n in range(frames):
        frame = np.roll(grey, n * 6, axis=1)
        for row, text in enumerate(lines(data_set)):
            frame = write(frame, text, (10, 8 + row * 24), 18, 255)
        stack.append(write(frame, f"FR {n + 1}", (10, frame.shape[0] - 30), 18, 255))
    data_set.Rows, data_set.Columns = grey.shape
    data_set.NumberOfFrames = frames
    data_set.SOPClassUID, data_set.Modality = PHOTOGRAPHS, "ES"
    data_set.BitsAllocated = data_set.BitsStored = 8
    data_set.HighBit, data_set.PixelRepresentation = 7, 0
    data_set.PhotometricInterpretation, data_set.SamplesPerPixel = "MONOCHROME2", 1
    for name in ("RescaleSlope", "RescaleIntercept", "WindowCenter", "WindowWidth", "PixelPaddingValue"):
        if name in data_set:
            del data_set[name]
    data_set.PixelData = np.stack(stack).tobytes()
    data_set.Manufacturer, data_set.ManufacturerModelName = "Sori Medical", "Scope 3"
    data_set.SeriesInstanceUID = generate_uid()
    return renew(data_set)


def item(concept, value):
    entry, name = Dataset(), Dataset()
    name.CodeValue, name.CodingSchemeDesignator, name.CodeMeaning = "121071", "DCM", concept
    entry.RelationshipType, entry.ValueType = "CONTAINS", "TEXT"
    entry.ConceptNameCodeSequence, entry.TextValue = Sequence([name]), value
    return entry


def report(path):
    data_set = plain(path)
    name = name_of(data_set)
    for element in list(data_set):
        if element.tag.group in (0x0018, 0x0028, 0x7FE0):
            del data_set[element.tag]
    data_set.SOPClassUID, data_set.ValueType = REPORT, "CONTAINER"
    del data_set.Modality
    data_set.Manufacturer, data_set.ManufacturerModelName = "Sori Medical", "Chest Reporter"
    data_set.SeriesDescription = "Chest report"
    data_set.ContentSequence = Sequence(
        [item("Finding", f"{name}: ground glass opacity in the right lower lobe"), item("Finding", "No effusion")]
    )
    data_set.SeriesInstanceUID = generate_uid()
    return renew(data_set)


def main(source, target):
    target = Path(target)
    target.mkdir(parents=True, exist_ok=True)
    radiographs, slices = [], []
    for path in sorted(Path(source).rglob("*.dcm")):
        header = pydicom.dcmread(path, stop_before_pixels=True)
        if header.get("Modality") in ("CR", "DX"):
            radiographs.append(path)
        elif header.get("Modality") == "CT" and "LOCALIZER" not in header.get("ImageType", []):
            slices.append(path)
    made = [radiograph(path) for path in radiographs[:4]] + [photographs(slices[0]), report(radiographs[0])]
    for n, data_set in enumerate(made):
        data_set.save_as(target / f"burned-{n}.dcm")
    print(json.dumps({"made": len(made), "radiographs": len(radiographs), "slices": len(slices)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
