// Lines of a log, parsed into a case as from a file.
#pragma once

#include <QStringList>

#include "support/case_fixture.hpp"

namespace deadbox::test {

inline void add_log(CaseFixture& fixture, std::string_view parser, const char* path, const QStringList& lines) {
    if (lines.empty()) return;
    FileSpec spec;
    spec.path = path, spec.bytes = (lines.join('\n') + '\n').toStdString();
    fixture.add_parsed(parser, spec);
}

}  // namespace deadbox::test
