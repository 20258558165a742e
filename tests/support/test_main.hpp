// A test file declares one QObject and, behind it, DEADBOX_TEST(Class) and its moc include. The class is run by the
// file's name: passwd_test.cpp holds the tests that `ROOM_test passwd_test` runs.
#pragma once

#include <QtTest/QtTest>

#include <memory>

namespace deadbox::test {
using Factory = QObject* (*)();
std::unique_ptr<QCoreApplication> make_application(int& argc, char** argv);
bool register_test(const char* file, Factory factory);
}  // namespace deadbox::test

#define DEADBOX_TEST(Class) \
    static const bool registered_##Class = deadbox::test::register_test(__FILE__, [] { return static_cast<QObject*>(new Class); });
