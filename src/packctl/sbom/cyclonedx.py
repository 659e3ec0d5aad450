"""A bill of materials as CycloneDX 1.6 JSON (ECMA-424)."""

from typing import Any

from packctl import __version__
from packctl.sbom.bill import Bill, Material

PROJECT = "project"
TYPES = {"content": "data", "module": "library", "tool": "application"}
"""Kind of a pack to type of a component; a pack of unknown kind is a file."""


def cyclonedx(bill: Bill) -> dict[str, Any]:
    """The document. References within it are releases, `acme/farm-animals@2.1.0`."""
    depends = [{"ref": PROJECT, "dependsOn": list(bill.direct)}]
    depends += [{"ref": one.reference, "dependsOn": list(one.needs)} for one in bill.materials]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{bill.identity('cyclonedx')}",
        "version": 1,
        "metadata": {
            "timestamp": bill.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "tools": {"components": [{"type": "application", "name": "packctl", "version": __version__}]},
            "component": _project(bill),
        },
        "components": [_component(one, bill) for one in bill.materials],
        "dependencies": [row if row["dependsOn"] else {"ref": row["ref"]} for row in depends],
    }


def _project(bill: Bill) -> dict[str, Any]:
    version = {"version": bill.version} if bill.version else {}
    return {"type": "application", "bom-ref": PROJECT, "name": bill.project, **version}


def _component(one: Material, bill: Bill) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": TYPES.get(one.kind, "file"),
        "bom-ref": one.reference,
        "supplier": {"name": one.publisher},
        "group": one.publisher,
        "name": one.name.partition("/")[2],
        "version": one.version,
    }
    if one.summary:
        component["description"] = one.summary
    component["hashes"] = [{"alg": "SHA-256", "content": one.archive}]
    component["licenses"] = _licenses(one.license, bill)
    component["purl"] = one.purl
    links = [{"type": "website", "url": one.homepage}] if one.homepage else []
    links += [{"type": "distribution", "url": one.address}] if one.address else []
    if links:
        component["externalReferences"] = links
    return component


def _licenses(terms: str, bill: Bill) -> list[dict[str, Any]]:
    """An expression, as it was signed; own terms alone are a license with a name, because only there a text has a place."""
    if terms in bill.texts:
        text = {"contentType": "text/plain", "content": bill.texts[terms]}
        return [{"license": {"name": terms, "acknowledgement": "declared", "text": text}}]
    return [{"expression": terms, "acknowledgement": "declared"}]
