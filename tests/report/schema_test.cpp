// The published schemas describe what is written: a small validator for the keywords that they use.
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <nlohmann/json.hpp>

#include "report/build.hpp"
#include "report/format.hpp"
#include "report/timeline_lines.hpp"
#include "sample_case.hpp"
#include "support/test_main.hpp"

using namespace deadbox;
using nlohmann::json;

namespace {

json schema(const char* name) {
    QFile file(QStringLiteral(DEADBOX_SOURCE_DIR "/resources/schema/%1.json").arg(name));
    return file.open(QIODevice::ReadOnly) ? json::parse(file.readAll().toStdString()) : json();
}

bool has_type(const json& value, const std::string& type) {
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
}

// "" where `value` is as `rule` says, else where it is not.
std::string fault(const json& value, const json& rule, const json& root, const std::string& at) {
    if (rule.contains("$ref")) return fault(value, root["$defs"][rule["$ref"].get<std::string>().substr(8)], root, at);
    if (rule.contains("anyOf")) {
        for (const auto& one : rule["anyOf"])
            if (fault(value, one, root, at).empty()) return "";
        return at + ": none of anyOf";
    }
    if (rule.contains("enum") && std::find(rule["enum"].begin(), rule["enum"].end(), value) == rule["enum"].end()) return at + ": not in enum: " + value.dump();
    if (rule.contains("type")) {
        const json types = rule["type"].is_array() ? rule["type"] : json::array({rule["type"]});
        if (std::none_of(types.begin(), types.end(), [&](const json& type) { return has_type(value, type.get<std::string>()); })) return at + ": type of " + value.dump();
    }
    if (rule.contains("pattern") && value.is_string() && !QRegularExpression(QString::fromStdString(rule["pattern"].get<std::string>())).match(QString::fromStdString(value.get<std::string>())).hasMatch())
        return at + ": pattern: " + value.dump();
    if (rule.contains("required"))
        for (const auto& name : rule["required"])
            if (!value.contains(name.get<std::string>())) return at + ": lacks " + name.get<std::string>();
    if (rule.contains("properties")) {
        for (const auto& [name, inner] : rule["properties"].items()) {
            const auto wrong = value.contains(name) ? fault(value[name], inner, root, at + "/" + name) : "";
            if (!wrong.empty()) return wrong;
        }
    }
    if (rule.contains("items") && value.is_array()) {
        for (std::size_t i = 0; i < value.size(); ++i) {
            const auto wrong = fault(value[i], rule["items"], root, at + "/" + std::to_string(i));
            if (!wrong.empty()) return wrong;
        }
    }
    return "";
}

}  // namespace

class SchemaTest : public QObject {
    Q_OBJECT
private slots:
    void the_validator_finds_faults() {
        const json rules = schema("timeline");
        QVERIFY(!fault(json::object(), rules, rules, "").empty());
        QVERIFY(!fault("x", rules["$defs"]["time"], rules, "").empty());
        QVERIFY(fault(nullptr, rules["$defs"]["time"], rules, "").empty());
    }
    void report_and_timeline() {
        test::CaseFixture fixture;
        test::fill_sample(fixture);
        QTemporaryDir folder;
        const auto view = case_file::View::open(fixture.path());
        const auto texts = report::Texts::load("de");
        const auto model = report::build_report(*view, *texts, {});
        QVERIFY(model.has_value());
        QVERIFY(report::write_report({*model, *view, *texts}, "json", folder.path().toStdString()).has_value());
        QFile file(folder.filePath("report.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const json rules = schema("report");
        const auto wrong = fault(json::parse(file.readAll().toStdString()), rules, rules, "");
        QVERIFY2(wrong.empty(), wrong.c_str());
        const json line_rules = schema("timeline");
        QVERIFY(report::for_each_line(*view, *texts, {}, [&](const report::TimelineLine& line) {
            std::string text;
            report::append_jsonl(text, line);
            const auto fault_of_line = fault(json::parse(text), line_rules, line_rules, "");
            if (!fault_of_line.empty()) QTest::qFail(fault_of_line.c_str(), __FILE__, __LINE__);
            return base::Next::go_on;
        }).has_value());
    }
};
DEADBOX_TEST(SchemaTest)
#include "schema_test.moc"
