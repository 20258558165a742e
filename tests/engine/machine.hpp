// A small machine's disk made by mke2fs, and analyses of it by the engine's own code. The worker beside this executable has
// the topic of trial/ besides the product's.
#pragma once

#include <QTemporaryDir>
#include <QtTest>

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/analysis.hpp"

namespace deadbox::test {

class Machine {
public:
    // /etc with two accounts, a host name and a release.
    Machine();
    std::string path(const std::string& name) const { return m_folder.filePath(QString::fromStdString(name)).toStdString(); }
    void add(const std::string& path, const std::string& bytes);
    // A further name of a file that was added.
    void add_name(const std::string& path, const std::string& of);
    void add_link(const std::string& path, const std::string& target);
    // From what was added, a raw ext4 (or ext2) of `megabytes`; false where mke2fs fails.
    bool build(int megabytes = 16, const char* type = "ext4", const char* uuid = "6b1b7454-0000-4000-8000-000000000001");
    std::string image() const { return path("disk.raw"); }

    // Options of an undisturbed run with one worker into the case of that name.
    engine::AnalysisOptions options(const std::string& case_name) const;

private:
    QTemporaryDir m_folder;
};

using Rows = std::vector<std::string>;
// The rows of a query on a case, their columns joined by "|"; "NULL" for null. What goes wrong is one row "error: ...".
Rows rows(const std::string& case_path, const std::string& sql);
// report.json without `run`, indented.
std::string report_of(const std::string& case_path);
// The digest of every table, as the last seal of the case has them: equal where two cases hold the same.
nlohmann::json seal_of(const std::string& case_path);

}  // namespace deadbox::test

// So that a comparison shows the rows.
template <>
inline char* QTest::toString(const deadbox::test::Rows& rows) {
    std::string all;
    for (const auto& row : rows) all += (all.empty() ? "" : "; ") + row;
    return qstrdup(all.c_str());
}
