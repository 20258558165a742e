// Two thousand findings: what the PDF costs, and how soon a browser shows the page.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QFile>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>

#include "people_case.hpp"
#include "report/build.hpp"
#include "report/format.hpp"
#include "support/test_main.hpp"

using namespace deadbox;

namespace {

void write(const std::string& path, const char* formats, const std::string& folder) {
    const auto view = case_file::View::open(path);
    const auto texts = report::Texts::load("en");
    const auto model = report::build_report(*view, *texts, {});
    if (!model || !report::write_report({*model, *view, *texts}, formats, folder)) ::_exit(1);
}

struct Cost {
    double seconds = -1;  // user and system
    long megabytes = 0;   // resident at most
};
// In a child of its own, so that only its work counts.
Cost cost_of(const std::string& path, const char* formats, const std::string& folder) {
    const pid_t child = ::fork();
    if (child == 0) {
        write(path, formats, folder);
        ::_exit(0);
    }
    int status = -1;
    rusage used{};
    if (::wait4(child, &status, 0, &used) != child || status != 0) return {};
    const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
    return {seconds(used.ru_utime) + seconds(used.ru_stime), used.ru_maxrss / 1024};
}

// Until the page is drawn, the browser's own start included; in seconds of CPU, which a busy machine does not change much.
double browser_cost(const QString& page, const QString& picture) {
    rusage before{}, after{};
    getrusage(RUSAGE_CHILDREN, &before);
    QProcess browser;
    browser.start("chromium", {"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1200,900", "--screenshot=" + picture, "file://" + page});
    if (!browser.waitForFinished(120'000) || browser.exitCode() != 0) return -1;
    getrusage(RUSAGE_CHILDREN, &after);
    const auto seconds = [](const rusage& r) { return static_cast<double>(r.ru_utime.tv_sec + r.ru_stime.tv_sec) + static_cast<double>(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e6; };
    return seconds(after) - seconds(before);
}

}  // namespace

class LargeReportTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        test::fill_large(m_fixture, 2000);
        if (const QString keep = qEnvironmentVariable("DEADBOX_KEEP"); !keep.isEmpty()) QFile::copy(QString::fromStdString(m_fixture.path()), keep + "/large.deadbox");
    }

    void pdf_in_time_and_memory() {
        const Cost cost = cost_of(m_fixture.path(), "pdf", m_folder.path().toStdString());
        qInfo("2,000 findings as PDF: %.1f s of CPU, %ld MB", cost.seconds, cost.megabytes);
        QVERIFY(cost.seconds >= 0);
        QVERIFY2(cost.seconds <= 15, "15 s");
        QVERIFY2(cost.megabytes <= 300, "300 MB");
        QProcess info;
        info.start("pdfinfo", {m_folder.filePath("report.pdf")});
        QVERIFY(info.waitForFinished());
        const auto pages = QRegularExpression(QStringLiteral("Pages: +(\\d+)")).match(QString::fromUtf8(info.readAllStandardOutput())).captured(1).toInt();
        qInfo("%d pages", pages);
        QVERIFY(pages >= 300);
    }

    void page_opens_soon() {
        if (QStandardPaths::findExecutable("chromium").isEmpty()) QSKIP("chromium is not installed");
        const Cost cost = cost_of(m_fixture.path(), "html", m_folder.path().toStdString());
        QVERIFY(cost.seconds >= 0);
        QFile empty(m_folder.filePath("empty.html"));
        QVERIFY(empty.open(QIODevice::WriteOnly));
        empty.write("<!DOCTYPE html><title>empty</title>");
        empty.close();
        const double start = browser_cost(empty.fileName(), m_folder.filePath("empty.png")), whole = browser_cost(m_folder.filePath("report.html"), m_folder.filePath("page.png"));
        qInfo("a browser: %.2f s of CPU for an empty page, %.2f s for 2,000 findings", start, whole);
        QVERIFY(start >= 0 && whole >= 0);
        QVERIFY2(whole - start <= 2, "2 s");
    }

private:
    test::CaseFixture m_fixture;
    QTemporaryDir m_folder;
};
DEADBOX_TEST(LargeReportTest)
#include "large_report_test.moc"
