// A case as a user gets one: `deadbox demo` makes an image of a small server that was broken into, and analyses it.
#pragma once

#include <QString>

namespace deadbox::test {

// Path of the case; made once a process, "" where that failed. Tests that write take a copy.
QString demo_case();
QString copy_of_demo_case(const QString& folder);

}  // namespace deadbox::test
