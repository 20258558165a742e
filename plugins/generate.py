#!/usr/bin/env python3
"""Makes C++ from a topic's JSON: row structs, events, rules; and the registries over all topics.

  generate.py topic TOPIC.json OUTDIR          -> TOPIC_topic.hpp, TOPIC_topic.cpp
  generate.py registry OUTDIR TOPIC.json ...   -> topics.cpp, parsers.cpp, detectors.cpp
"""
import json
import re
import sys
from pathlib import Path

TYPES = {"integer": "std::optional<std::int64_t>", "real": "std::optional<double>",
         "text": "std::optional<std::string_view>", "blob": "std::optional<base::ByteView>",
         "time": "std::optional<base::Timestamp>"}
WORD = re.compile(r"^[a-z][a-z0-9_]*$")
RESERVED = {"id", "system", "inode"}


def fail(topic, text):
    sys.exit(f"{topic}: {text}")


def quoted(text):
    return json.dumps(text, ensure_ascii=True)


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


def load(path):
    topic = json.loads(Path(path).read_text())
    name = topic["id"]
    if Path(path).stem != name:
        fail(path, "the file's name is not the topic's id")
    for table, spec in topic.get("tables", {}).items():
        seen = set(RESERVED)
        for column in spec["columns"]:
            if not WORD.match(column["name"]) or column["name"] in seen:
                fail(path, f"table {table}: column {column['name']} is named twice, reserved or no word")
            seen.add(column["name"])
            if column["type"] not in TYPES:
                fail(path, f"table {table}: column {column['name']} has no known type")
    for rule, spec in topic.get("rules", {}).items():
        if spec["severity"] not in ("critical", "high", "medium", "low", "info"):
            fail(path, f"rule {rule}: severity {spec['severity']}")
        if spec["confidence"] not in ("certain", "likely", "possible"):
            fail(path, f"rule {rule}: confidence {spec['confidence']}")
    return topic


def strings(name, values):
    if not values:
        return f"constexpr std::span<const std::string_view> {name}{{}};\n"
    return (f"constexpr std::string_view {name}_values[] = {{{', '.join(quoted(v) for v in values)}}};\n"
            f"constexpr std::span<const std::string_view> {name}({name}_values);\n")


def make_topic(path, out):
    topic = load(path)
    name = topic["id"]
    tables, events = topic.get("tables", {}), topic.get("events", {})
    h = ["// Made from " + name + ".json. Do not edit.", "#pragma once", "", "#include <cstdint>", "#include <optional>",
         "#include <string_view>", "", '#include "base/timestamp.hpp"', '#include "plugin/sink.hpp"', "",
         f"namespace deadbox::plugins::{name} {{", "", "const plugin::Topic& topic();", ""]
    for table, spec in tables.items():
        h.append(f"// {spec['description']}")
        h.append(f"struct {camel(table)}Row {{")
        for column in spec["columns"]:
            h.append(f"    {TYPES[column['type']]} {column['name']};  // {column['meaning']}")
        h.append("    void emit(plugin::Sink& sink) const;")
        h.append("    static const plugin::TableDef& table();")
        h.append("};")
        h.append("")
    if events:
        h.append("namespace event {")
        for event, spec in events.items():
            h.append(f"const plugin::EventDef& {event.replace('.', '_')}();  // {spec['description']}")
        h.append("}  // namespace event")
        h.append("")
    h.append(f"}}  // namespace deadbox::plugins::{name}")
    (out / f"{name}_topic.hpp").write_text("\n".join(h) + "\n")

    c = ["// Made from " + name + ".json. Do not edit.", f'#include "{name}/{name}_topic.hpp"', "",
         f"namespace deadbox::plugins::{name} {{", "namespace {", "", "using enum plugin::ColumnType;",
         "using enum plugin::Privacy;", "using enum plugin::Wave;", ""]
    table_defs = []
    for table, spec in tables.items():
        rows = ",\n".join(
            f"    {{{quoted(col['name'])}, {col['type']}, {col.get('privacy', 'open')}, {quoted(col['meaning'])}}}"
            for col in spec["columns"])
        c.append(f"constexpr plugin::ColumnDef k_{table}_columns[] = {{\n{rows}}};")
        c.append(strings(f"k_{table}_indexes", spec.get("indexes", [])))
        table_defs.append(f"    {{{quoted(table)}, {quoted(spec['description'])}, {quoted(spec.get('role', ''))}, "
                          f"k_{table}_columns, k_{table}_indexes}}")
    if tables:
        c.append("const plugin::TableDef k_tables[] = {\n" + ",\n".join(table_defs) + "};")
    if events:
        c.append("const plugin::EventDef k_events[] = {\n" + ",\n".join(
            f"    {{{quoted(e)}, {quoted(s['source'])}, {quoted(s['description'])}}}" for e, s in events.items()) + "};")
    rules = topic.get("rules", {})
    for rule, spec in rules.items():
        c.append(strings(f"k_{rule}_attack", spec.get("attack", [])))
    if rules:
        c.append("constexpr plugin::RuleDef k_rules[] = {\n" + ",\n".join(
            f"    {{{quoted(r)}, {s.get('version', 1)}, {quoted(s['severity'])}, {quoted(s['confidence'])}, k_{r}_attack, "
            f"{quoted(s['source'])}, {quoted(s.get('question', ''))}, {quoted(s.get('phase', ''))}}}"
            for r, s in rules.items()) + "};")
    parsers = topic.get("parsers", [])
    for p in parsers:
        c.append(strings(f"k_{p['id']}_paths", p.get("paths", [])))
        c.append(strings(f"k_{p['id']}_types", p.get("content_types", [])))
        c.append(strings(f"k_{p['id']}_companions", p.get("companions", [])))
    if parsers:
        c.append("const plugin::ParserDef k_parsers[] = {\n" + ",\n".join(
            f"    {{{quoted(p['id'])}, plugin::ParserKind::{p['kind']}, {p['wave']}, k_{p['id']}_paths, k_{p['id']}_types, "
            f"k_{p['id']}_companions, {p.get('largest', 0)}ull}}" for p in parsers) + "};")
    detectors = topic.get("detectors", [])
    for d in detectors:
        c.append(strings(f"k_{d['id']}_reads", d["reads"]))
    if detectors:
        c.append("constexpr plugin::DetectorDef k_detectors[] = {\n" + ",\n".join(
            f"    {{{quoted(d['id'])}, k_{d['id']}_reads, {d['after']}, {str(d.get('last', False)).lower()}}}"
            for d in detectors) + "};")
    c += ["", "}  // namespace", "", "const plugin::Topic& topic() {", "    static const plugin::Topic topic{",
          f"        {quoted(name)}, {topic['version']}, {quoted(topic['description'])},"]
    for kind, there in (("tables", tables), ("events", events), ("rules", rules), ("parsers", parsers),
                        ("detectors", detectors)):
        c.append(f"        {'k_' + kind if there else '{}'},")
    c += ["    };", "    return topic;", "}", ""]
    for number, (table, spec) in enumerate(tables.items()):
        values = []
        count = 0
        for col in spec["columns"]:
            f = col["name"]
            if col["type"] == "time":
                values.append(f"        {f} ? plugin::Value({f}->seconds) : plugin::Value(),")
                values.append(f"        {f} ? plugin::Value(std::int64_t{{{f}->nanoseconds}}) : plugin::Value(),")
                count += 2
            else:
                values.append(f"        {f} ? plugin::Value(*{f}) : plugin::Value(),")
                count += 1
        c += [f"const plugin::TableDef& {camel(table)}Row::table() {{ return k_tables[{number}]; }}",
              f"void {camel(table)}Row::emit(plugin::Sink& sink) const {{",
              f"    const plugin::Value values[] = {{"] + values + ["    };", "    sink.row(table(), values);", "}", ""]
    for number, event in enumerate(events):
        c.append(f"const plugin::EventDef& event::{event.replace('.', '_')}() {{ return k_events[{number}]; }}")
    c.append(f"}}  // namespace deadbox::plugins::{name}")
    (out / f"{name}_topic.cpp").write_text("\n".join(c) + "\n")


def make_registry(out, paths):
    topics = sorted((load(p) for p in paths), key=lambda t: t["id"])
    seen = {}
    for t in topics:
        for kind in ("tables", "events"):
            for name in t.get(kind, {}):
                if (kind, name) in seen:
                    fail(t["id"], f"{kind[:-1]} {name} is {seen[kind, name]}'s already")
                seen[kind, name] = t["id"]
    def source(kind, cls):
        ids = [(t["id"], p["id"]) for t in topics for p in t.get(kind, [])]
        singular = kind[:-1]
        c = ["// Made from the topics' JSON. Do not edit.", f'#include "plugin/{singular}.hpp"', '#include "plugin/topic.hpp"', ""]
        for topic, i in ids:
            c.append(f"namespace deadbox::plugins::{topic} {{ const plugin::{cls}& {i}_{singular}(); }}")
        c += ["", f"const deadbox::plugin::{cls}* deadbox::plugin::find_{singular}(std::string_view id) {{"]
        for topic, i in ids:
            c.append(f"    if (id == {quoted(i)}) return &plugins::{topic}::{i}_{singular}();")
        c += ["    return nullptr;", "}"]
        (out / f"{kind}.cpp").write_text("\n".join(c) + "\n")
    source("parsers", "Parser")
    source("detectors", "Detector")
    c = ["// Made from the topics' JSON. Do not edit.", '#include "plugin/topic.hpp"', ""]
    for t in topics:
        c.append(f"namespace deadbox::plugins::{t['id']} {{ const plugin::Topic& topic(); }}")
    c += ["", "std::span<const deadbox::plugin::Topic* const> deadbox::plugin::topics() {",
          "    static const auto all = [] {",
          f"        static const Topic* list[] = {{{', '.join('&plugins::' + t['id'] + '::topic()' for t in topics)}}};",
          "        std::uint16_t tables = 0, events = 0, parsers = 0;",
          "        for (const Topic* topic : list) {",
          "            for (const auto& table : topic->tables) table.index = tables++;",
          "            for (const auto& event : topic->events) event.index = events++;",
          "            for (const auto& parser : topic->parsers) parser.index = parsers++;",
          "        }",
          "        return std::span<const Topic* const>(list);",
          "    }();",
          "    return all;",
          "}"]
    (out / "topics.cpp").write_text("\n".join(c) + "\n")


if sys.argv[1] == "topic":
    make_topic(sys.argv[2], Path(sys.argv[3]))
else:
    make_registry(Path(sys.argv[2]), sys.argv[3:])
