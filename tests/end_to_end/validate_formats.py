#!/usr/bin/env python3
"""Validates the formats of a report folder by what their makers publish.

  validate_formats.py REPORT SCHEMAS OWN_SCHEMAS

SCHEMAS holds clones of the published repositories, each in a folder of its own name: cti-stix2-json-schemas (OASIS),
misp-objects and PyMISP (MISP), UCO and CASE, dfxml_schema, attack-navigator. OWN_SCHEMAS is resources/schema.
One line a format: "ok", "FAILED" or "SKIPPED" with the reason. Exit 1 where one failed, 77 where one was skipped.
"""
import csv
import datetime
import glob
import io
import json
import os
import re
import subprocess
import sys

REPORT, SCHEMAS, OWN = sys.argv[1:4]


class Skip(Exception):
    pass


def need(*parts):
    path = os.path.join(SCHEMAS, *parts)
    if not os.path.exists(path):
        raise Skip(f"{os.path.join(*parts)} is not there")
    return path


def module(name):
    try:
        return __import__(name)
    except ImportError:
        raise Skip(f"python3 has no module {name}") from None


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def report(name):
    return os.path.join(REPORT, name)


def by_schema(schema, path, value, store=None):
    jsonschema = module("jsonschema")
    schema.pop("id", None)  # an address of draft 4, where nothing is to be fetched from
    validator = jsonschema.validators.validator_for(schema, jsonschema.Draft7Validator)
    resolver = jsonschema.RefResolver("file://" + path, schema, store=store or {})
    return [f"{'/'.join(map(str, e.path))}: {e.message[:300]}" for e in validator(schema, resolver=resolver).iter_errors(value)]


def own(name):
    schema = load(os.path.join(OWN, name))
    schema.pop("$id")  # a name, not an address
    return schema, os.path.abspath(os.path.join(OWN, name))


def own_json():
    schema, path = own("report.json")
    errors = by_schema(schema, path, load(report("report.json")))
    schema, path = own("manifest.json")
    errors += by_schema(schema, path, load(report("manifest.json")))
    schema, path = own("timeline.json")
    with open(report("timesketch.jsonl"), encoding="utf-8") as lines:
        for line in list(lines)[:500]:
            value = json.loads(line)
            value.pop("timestamp")
            errors += by_schema(schema, path, value)
    return errors


def stix():
    paths = glob.glob(need("cti-stix2-json-schemas", "schemas") + "/**/*.json", recursive=True)
    store, named = {}, {}
    for path in paths:
        schema = load(path)
        named[os.path.basename(path)[:-5]] = (path, schema)
        store["file://" + path] = schema
        if "$id" in schema:
            store[schema["$id"]] = schema
    bundle = load(report("stix.json"))
    errors, ids = [], {one["id"] for one in bundle["objects"]}
    for one in [bundle] + bundle["objects"]:
        path, schema = named[one["type"]]
        errors += [f"{one['type']} {e}" for e in by_schema(schema, path, one, store)]
        for key, value in one.items():
            for ref in value if key.endswith("_refs") else [value] if key.endswith("_ref") else []:
                if ref not in ids:
                    errors.append(f"{one['id']}: {key} leads nowhere: {ref}")
    return errors


def misp():
    path = need("PyMISP", "pymisp", "data", "schema-lax.json")
    event = load(report("misp.json"))
    errors = by_schema(load(path), path, event)
    types = load(need("PyMISP", "pymisp", "data", "describeTypes.json"))["result"]
    folder = need("misp-objects", "objects")

    def attribute(one):
        if one["type"] not in types["category_type_mappings"].get(one["category"], []):
            errors.append(f"{one['type']} is no type of {one['category']}")

    for one in event["Event"]["Attribute"]:
        attribute(one)
    for thing in event["Event"]["Object"]:
        template = load(os.path.join(folder, thing["name"], "definition.json"))
        if thing["template_uuid"] != template["uuid"] or int(thing["template_version"]) > template["version"] or thing["meta-category"] != template["meta-category"]:
            errors.append(f"{thing['name']}: not the published template")
        relations = {one["object_relation"] for one in thing["Attribute"]}
        if template.get("requiredOneOf") and not relations & set(template["requiredOneOf"]):
            errors.append(f"{thing['name']}: none of the required attributes")
        for one in thing["Attribute"]:
            attribute(one)
            known = template["attributes"].get(one["object_relation"])
            if known is None or known["misp-attribute"] != one["type"]:
                errors.append(f"{thing['name']}: {one['object_relation']} is not of type {one['type']}")
    return errors


# SHACL's core as far as UCO and CASE use it: classes, datatypes, counts, kinds of node, lists of values.
def shapes(graph, data):
    rdflib = module("rdflib")
    SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    RDF, RDFS = rdflib.RDF, rdflib.RDFS
    above = {}

    def classes(node):
        found, todo = set(), list(data.objects(node, RDF.type))
        while todo:
            one = todo.pop()
            if one in found:
                continue
            found.add(one)
            if one not in above:
                above[one] = [x for x in graph.objects(one, RDFS.subClassOf) if isinstance(x, rdflib.URIRef)]
            todo += above[one]
        return found

    for shape in set(graph.subjects(RDF.type, SH.NodeShape)):
        targets = set(graph.objects(shape, SH.targetClass)) | {shape}
        for node in set(data.subjects(RDF.type, None)):
            if not targets & classes(node):
                continue
            for rule in graph.objects(shape, SH.property):
                path = graph.value(rule, SH.path)
                if not isinstance(path, rdflib.URIRef):
                    continue
                values = list(data.objects(node, path))
                least, most = graph.value(rule, SH.minCount), graph.value(rule, SH.maxCount)
                if least is not None and len(values) < int(least):
                    yield f"{node}: needs {path}"
                if most is not None and len(values) > int(most):
                    yield f"{node}: too many of {path}"
                datatype, wanted, kind = graph.value(rule, SH.datatype), graph.value(rule, SH["class"]), graph.value(rule, SH.nodeKind)
                for value in values:
                    if datatype is not None and (not isinstance(value, rdflib.Literal) or (value.datatype or rdflib.XSD.string) != datatype):
                        yield f"{node}: {path} is not {datatype}: {value!r}"
                    if wanted is not None and wanted not in classes(value):
                        yield f"{node}: {path} is no {wanted}: {value}"
                    if kind == SH.Literal and not isinstance(value, rdflib.Literal) or kind in (SH.IRI, SH.BlankNodeOrIRI) and isinstance(value, rdflib.Literal):
                        yield f"{node}: {path} is of another kind: {value!r}"


def case():
    rdflib = module("rdflib")
    graph = rdflib.Graph()
    for folder in (need("UCO", "ontology"), need("CASE", "ontology")):
        for path in glob.glob(folder + "/**/*.ttl", recursive=True):
            graph.parse(path, format="turtle")
    data = rdflib.Graph()
    data.parse(report("case.jsonld"), format="json-ld")
    errors = list(shapes(graph, data))
    # Every class and property is one that the ontologies define.
    known = set(graph.subjects())
    for subject, predicate, value in data:
        for term in (predicate, value) if predicate == rdflib.RDF.type else (predicate,):
            if any(space in str(term) for space in ("unifiedcyberontology", "caseontology")) and term not in known:
                errors.append(f"{term} is not defined")
    if len(data) < 20:
        errors.append(f"only {len(data)} statements")
    return sorted(set(errors))


def dfxml():
    done = subprocess.run(["xmllint", "--noout", "--schema", need("dfxml_schema", "dfxml.xsd"), report("dfxml.xml")], capture_output=True, text=True, check=False)
    return [] if done.returncode == 0 else done.stderr.splitlines()[:10]


def timesketch():
    # As the importer reads a line: three columns, microseconds since 1970, a time that isoparse takes.
    errors = []
    with open(report("timesketch.jsonl"), encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            event = json.loads(line)
            missing = {"message", "datetime", "timestamp_desc"} - {key for key, value in event.items() if value}
            if missing:
                errors.append(f"line {number}: lacks {missing}")
                continue
            time = datetime.datetime.fromisoformat(re.sub(r"\.(\d{6})\d*Z$", r".\1+00:00", event["datetime"]))
            since = time - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
            if since // datetime.timedelta(microseconds=1) != event["timestamp"]:
                errors.append(f"line {number}: timestamp and datetime differ")
            if line.count("\n") != 1 or any(isinstance(value, float) for value in event.values()):
                errors.append(f"line {number}: form")
    return errors[:20]


def navigator():
    # The layer format 4.5 as its specification's table has it.
    with open(need("attack-navigator", "layers", "spec", "v4.5", "layerformat.md"), encoding="utf-8") as text:
        names = set(re.findall(r"^\|\s*\*{0,2}`?([A-Za-z]+)`?\*{0,2}\s*\|", text.read(), re.M))
    layer = load(report("navigator.json"))
    errors = [f"{key} is no property of a layer" for key in layer if key not in names]
    errors += [f"{key} is no property of a technique" for one in layer["techniques"] for key in one if key not in names]
    for key in ("name", "versions", "domain"):
        if key not in layer:
            errors.append(f"lacks {key}")
    for one in layer["techniques"]:
        if not re.fullmatch(r"T\d{4}(\.\d{3})?", one["techniqueID"]) or not 0 <= one["score"] <= 100:
            errors.append(f"technique {one}")
    return errors


def body():
    done = subprocess.run(["mactime", "-b", report("bodyfile.txt"), "-d", "-y", "-z", "UTC"], capture_output=True, check=False)
    errors = [] if done.returncode == 0 and not done.stderr else [done.stderr.decode("utf-8", "replace")[:300] or f"status {done.returncode}"]
    with open(report("bodyfile.txt"), "rb") as lines:
        names = {line.split(b"|")[1] for line in lines if not line.startswith(b"#") and any(int(time) for time in line.split(b"|")[7:11])}
    told = {row[7] for row in csv.reader(io.StringIO(done.stdout.decode("latin-1"))) if len(row) > 7 and row[0] != "Date"}
    lost = {name.decode("latin-1") for name in names} - told
    if lost:
        errors.append(f"{len(lost)} of {len(names)} names are not in mactime's output: {sorted(lost)[:3]}")
    return errors


def tables():
    errors = []
    for name in ("findings.csv", "items.csv", "coverage.csv"):
        with open(report(name), "rb") as file:
            raw = file.read()
        if raw.count(b"\n") != raw.count(b"\r\n"):
            errors.append(f"{name}: a line does not end in CR LF")
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True))
        if {len(row) for row in rows} != {len(rows[0])}:
            errors.append(f"{name}: rows of different length")
        errors += [f"{name}: a formula: {cell[:40]}" for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
    return errors


def main():
    failed = skipped = False
    for name, check in (("json", own_json), ("stix", stix), ("misp", misp), ("case", case), ("dfxml", dfxml), ("timesketch", timesketch), ("navigator", navigator),
                        ("bodyfile", body), ("csv", tables)):
        try:
            errors = check()
        except Skip as reason:
            skipped = True
            print(f"{name}: SKIPPED: {reason}")
            continue
        failed |= bool(errors)
        print(f"{name}: {'FAILED' if errors else 'ok'}")
        for error in errors[:20]:
            print("   ", error)
    return 1 if failed else 77 if skipped else 0


sys.exit(main())
