#!/usr/bin/env python3
"""The texts of every language say the same things: keys, placeholders, why something was not read, where a rule comes from,
what a detector's ids mean. texts.py SOURCE_FOLDER"""
import json
import re
import sys
from pathlib import Path

root = Path(sys.argv[1])
resources = root / "resources"
faults = []


def flat(value, prefix=""):
    if not isinstance(value, dict):
        return {prefix: value}
    out = {}
    for key, member in value.items():
        out.update(flat(member, f"{prefix}.{key}" if prefix else key))
    return out


def load(path):
    try:
        return flat(json.loads(path.read_text()))
    except ValueError as error:
        faults.append(f"{path.relative_to(root)}: {error}")
        return {}


# Reasons stand in the sources in English, and sources of rules and names of kinds of events, tables and columns in the topics: the other languages have a text for each.
def only_translated(topic, key):
    return (topic == "report" and key.startswith("reasons.")) or key.startswith(("kinds.", "tables.")) or re.fullmatch(r"rules\.\w+\.source", key)


def holes(text):
    return set(re.findall(r"\{(\w+)(?:\|[^{}|]*\|[^{}|]*)?\}", str(text)))


languages = sorted(path.stem for path in (resources / "report").glob("??.json") if path.stem != "en")
for english_file in sorted(resources.glob("*/en.json")):
    topic = english_file.parent.name
    english = load(english_file)
    for language in languages:
        path = english_file.with_name(f"{language}.json")
        other = load(path)
        name = path.relative_to(root)
        for key in sorted(english.keys() - other.keys()):
            faults.append(f"{name}: {key} is missing")
        for key in sorted(other.keys() - english.keys()):
            if not only_translated(topic, key):
                faults.append(f"{name}: {key} is in no English text")
        for key in sorted(english.keys() & other.keys()):
            if holes(english[key]) != holes(other[key]):
                faults.append(f"{name}: {key} fills {sorted(holes(other[key]))}, in English {sorted(holes(english[key]))}")
for english_file in sorted(resources.glob("*/*.en.txt")) + sorted(resources.glob("*/en.txt")):
    for language in languages:
        path = english_file.with_name(english_file.name.replace("en.txt", f"{language}.txt"))
        if not path.exists():
            faults.append(f"{path.relative_to(root)} is missing")
        elif holes(english_file.read_text()) != holes(path.read_text()):
            faults.append(f"{path.relative_to(root)}: other placeholders than in English: {sorted(holes(english_file.read_text()) ^ holes(path.read_text()))}")

# Why something was not read. A statement that writes to the ledger has the reason as its first prose; constants and tables of
# reasons are named so.
telling = re.compile(r"Level::(gap|note|limit|assumption)\b|\bk_(gap|limit)\b|[.>]coverage(_of)?\(|damage\(\{|\b(tell|say|note|broken|limit|send_gap|gap|report|damaged)\(|Reply::gap|m_assumption|k_skip_reason|\"assumption\",")
constant = re.compile(r'constexpr[^=\n;"]*\bk_\w+\s*=\s*"((?:[^"\\]|\\.)*)"')
prose = re.compile(r'"((?:[^"\\]|\\.)*)"')


def is_reason(text):
    return text.count(" ") >= 2 and re.match(r"[a-z]|NUL ", text) and not re.search(r"[{}=']{2}|\{|\}|SELECT|: $| $|^[\w ]{0,14}, line", text)


reasons = {}
for folder in ("base", "image", "content", "worker", "engine", "case", "report"):
    for path in sorted((root / "src" / folder).rglob("*.[ch]pp")) if folder != "report" else [root / "src/report/ledger.cpp"]:
        reasons[path] = path.read_text()
for path in sorted((root / "plugins").rglob("*.[ch]pp")):
    reasons[path] = path.read_text()
told = {}
for path, text in reasons.items():
    text = re.sub(r"//[^\n]*", "", text)
    if not telling.search(text):
        continue
    for statement in re.split(r";\s*\n|\{\s*\n|\}\s*\n", text):
        if telling.search(statement):
            for found in prose.findall(statement):
                if is_reason(found):
                    told.setdefault(found, path)
    for found in constant.findall(text):
        if is_reason(found):
            told.setdefault(found, path)
ignored = set((root / "tests/house/texts_ignored.txt").read_text().splitlines())
for language in languages:
    texts = {key[len("reasons."):]: text for key, text in load(resources / "report" / f"{language}.json").items() if key.startswith("reasons.")}
    for reason in sorted(told.keys() - texts.keys() - ignored):
        faults.append(f"resources/report/{language}.json: reasons has nothing for \"{reason}\" ({told[reason].relative_to(root)}); what is no reason is listed in tests/house/texts_ignored.txt")
    for reason in sorted(texts.keys() - told.keys()):
        faults.append(f"resources/report/{language}.json: no source gives the reason \"{reason}\"")
if len(told) < 150:
    faults.append(f"only {len(told)} reasons were found in the sources: this test does not read them any more")

# What a topic's tables and columns are called and mean.
def named_parts(topic):
    named = [f"tables.{table}" for table in topic.get("tables", {})]
    named += [f"tables.{table}.columns.{column['name']}" for table, declared in topic.get("tables", {}).items() for column in declared["columns"]]
    return {f"{one}.{part}" for one in named for part in ("name", "meaning")}


# Each rule has its texts, and where its idea comes from in every other language; each kind of events, each table and each column has a name there.
tables = 0
for path in sorted((root / "plugins").glob("*/*.json")):
    topic = json.loads(path.read_text())
    for language in languages:
        texts = load(resources / topic["id"] / f"{language}.json") if topic.get("events") else {}
        named = {key[len("kinds."):] for key in texts if key.startswith("kinds.")}
        for kind in sorted(named ^ set(topic.get("events", {}))):
            faults.append(f"resources/{topic['id']}/{language}.json: the kind {kind} has no name, or is none of the topic's")
    for language in languages:
        path_of_texts = resources / topic["id"] / f"{language}.json"
        texts = load(path_of_texts) if path_of_texts.exists() else {}
        given = {key for key, text in texts.items() if key.startswith("tables.") and text}
        wanted = named_parts(topic)
        tables += len(topic.get("tables", {}))
        for key in sorted(wanted - given):
            faults.append(f"resources/{topic['id']}/{language}.json: {key} is missing: the topic declares it")
        for key in sorted(given - wanted):
            faults.append(f"resources/{topic['id']}/{language}.json: {key} is of no table or column of the topic")
    for rule in topic.get("rules", {}):
        english = load(resources / topic["id"] / "en.json") if (resources / topic["id"] / "en.json").exists() else {}
        for part in ("title", "explanation", "innocent_reason", "next_step"):
            if not english.get(f"rules.{rule}.{part}"):
                faults.append(f"resources/{topic['id']}/en.json: {rule} has no {part}")
        for language in languages:
            if not load(resources / topic["id"] / f"{language}.json").get(f"rules.{rule}.source"):
                faults.append(f"resources/{topic['id']}/{language}.json: {rule} has no source")

# Ids that become words.
words = load(resources / "webshell" / "en.json")
features = (root / "plugins/webshell/features.cpp").read_text()
names = re.search(r'"request_code".*?\};', features, re.S).group(0)
for sign in re.findall(r'"(\w+)"', names):
    if f"words.signs.{sign}" not in words:
        faults.append(f"resources/webshell/en.json: no word for the sign {sign}")
verdict = (root / "plugins/webshell/verdict.cpp").read_text()
for kind in re.findall(r'(?:Sign::\w+|first_tool\(f\)|\)),\s*(?:\d+, (?:true|false), Severity::\w+, )?"(\w+)"', verdict):
    if f"words.kind.{kind}" not in words:
        faults.append(f"resources/webshell/en.json: no word for the kind {kind}")
marks = re.search(r"name_of\(Sign sign\) \{.*?\};", (root / "plugins/media/stash.cpp").read_text(), re.S).group(0)
for sign in re.findall(r'"(\w+)"', marks):
    if f"words.signs.{sign}" not in load(resources / "media" / "en.json"):
        faults.append(f"resources/media/en.json: no word for the sign {sign}")

if tables < 30:
    faults.append(f"only {tables} tables were found in the topics: this test does not read them any more")
print("\n".join(faults) if faults else f"{len(told)} reasons, {tables} tables, {len(languages) + 1} languages: every text is there")
sys.exit(1 if faults else 0)
