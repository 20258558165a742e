#include "engine/machine.hpp"

#include <QDir>
#include <QFile>
#include <QProcess>

#include <filesystem>

#include "case/view.hpp"
#include "report/build.hpp"
#include "report/format.hpp"

namespace deadbox::test {
namespace {

QString text_of(const std::string& text) { return QString::fromStdString(text); }

}  // namespace

Machine::Machine() {
    add("/etc/passwd", "root:x:0:0:root:/root:/bin/bash\nmartina:x:1000:1000::/home/martina:/bin/bash\n");
    add("/etc/hostname", "trial\n");
    add("/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n");
}

void Machine::add(const std::string& path_inside, const std::string& bytes) {
    const auto place = path("tree") + path_inside;
    QDir().mkpath(text_of(place.substr(0, place.rfind('/'))));
    QFile file(text_of(place));
    if (file.open(QIODevice::WriteOnly)) file.write(bytes.data(), static_cast<qint64>(bytes.size()));
}

void Machine::add_name(const std::string& path_inside, const std::string& of) {
    const auto place = path("tree") + path_inside;
    QDir().mkpath(text_of(place.substr(0, place.rfind('/'))));
    std::filesystem::create_hard_link(path("tree") + of, place);
}

void Machine::add_link(const std::string& path_inside, const std::string& target) {
    const auto place = path("tree") + path_inside;
    QDir().mkpath(text_of(place.substr(0, place.rfind('/'))));
    std::filesystem::create_symlink(target, place);
}

bool Machine::build(int megabytes, const char* type, const char* uuid) {
    QProcess make;
    make.start("mke2fs", {"-q", "-F", "-t", type, "-b", "1024", "-U", uuid, "-E", "hash_seed=6b1b7454-0000-4000-8000-000000000002", "-d", text_of(path("tree")),
                          text_of(image()), QString::number(megabytes) + "M"});
    return make.waitForFinished() && make.exitCode() == 0;
}

engine::AnalysisOptions Machine::options(const std::string& case_name) const {
    engine::AnalysisOptions options;
    options.evidence = {image()};
    options.case_path = path(case_name);
    options.jobs = 1;
    options.command = {"deadbox", "analyze"};
    options.version = "test";
    options.hang_seconds = 2;
    return options;
}

Rows rows(const std::string& case_path, const std::string& sql) {
    const auto database = case_file::Database::open(case_path, case_file::Access::read);
    if (!database) return {"error: " + database.error().what};
    auto query = database->prepare(sql);
    if (!query) return {"error: " + query.error().what};
    Rows all;
    for (;;) {
        const auto row = query->step();
        if (!row) return {"error: " + row.error().what};
        if (!*row) return all;
        std::string line;
        for (int column = 0; column < query->columns(); ++column) {
            if (column > 0) line += '|';
            line += query->is_null(column) ? std::string_view("NULL") : query->text(column);
        }
        all.push_back(std::move(line));
    }
}

std::string report_of(const std::string& case_path) {
    const auto view = case_file::View::open(case_path);
    if (!view) return "error: " + view.error().what;
    const auto texts = report::Texts::load("en");
    if (!texts) return "error: " + texts.error().what;
    const auto model = report::build_report(*view, *texts, {});
    if (!model) return "error: " + model.error().what;
    const QTemporaryDir folder;
    const auto written = report::write_report({*model, *view, *texts}, "json", folder.path().toStdString());
    if (!written) return "error: " + written.error().what;
    QFile file(folder.filePath("report.json"));
    if (!file.open(QIODevice::ReadOnly)) return "error: no report.json";
    auto report = nlohmann::json::parse(file.readAll().toStdString(), nullptr, false);
    if (!report.is_object()) return "error: report.json is no object";
    report.erase("run");
    return report.dump(1);
}

nlohmann::json seal_of(const std::string& case_path) {
    const auto last = rows(case_path, "SELECT details FROM custody WHERE action = 'seal' ORDER BY id DESC LIMIT 1");
    return last.empty() ? nlohmann::json() : nlohmann::json::parse(last.front(), nullptr, false);
}

}  // namespace deadbox::test
