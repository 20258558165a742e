// The resources' texts, read once in a language for all who show them: the reading threads and the window itself.
#pragma once

#include <memory>
#include <string>

#include "report/texts.hpp"

namespace deadbox::gui {

// "de": what the window speaks.
std::string window_language();
// English where there are none in this language. Callable from any thread; they are not read again in this process.
base::Result<std::shared_ptr<const report::Texts>> texts_in(const std::string& language);

}  // namespace deadbox::gui
