#include "support/test_main.hpp"

#include <QCoreApplication>
#include <QFileInfo>

#include <cstdio>
#include <map>
#include <memory>

namespace deadbox::test {
namespace {
std::multimap<std::string, Factory>& tests() {
    static std::multimap<std::string, Factory> all;
    return all;
}
}  // namespace

bool register_test(const char* file, Factory factory) {
    tests().emplace(QFileInfo(QString::fromUtf8(file)).completeBaseName().toStdString(), factory);
    return true;
}

// Tests of the window define their own, which is then taken.
__attribute__((weak)) std::unique_ptr<QCoreApplication> make_application(int& argc, char** argv) { return std::make_unique<QCoreApplication>(argc, argv); }

}  // namespace deadbox::test

// NAME of a test file first (all without one), then Qt Test's own arguments.
int main(int argc, char** argv) {
    const auto application = deadbox::test::make_application(argc, argv);
    QStringList arguments = QCoreApplication::arguments();
    std::string wanted;
    if (arguments.size() > 1 && !arguments[1].startsWith('-')) {
        wanted = arguments[1].toStdString();
        arguments.removeAt(1);
    }
    int failures = 0, run = 0;
    for (const auto& [name, factory] : deadbox::test::tests()) {
        if (!wanted.empty() && name != wanted) continue;
        const std::unique_ptr<QObject> test(factory());
        failures += QTest::qExec(test.get(), arguments);
        ++run;
    }
    if (run == 0) {
        std::fprintf(stderr, "no test is called %s\n", wanted.c_str());
        return 2;
    }
    return failures == 0 ? 0 : 1;
}
