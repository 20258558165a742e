// The resources' texts, read once in a language for all who show them: the reading threads and the window itself.
#pragma once

#include <QString>

#include <memory>
#include <string>

#include "report/texts.hpp"

namespace deadbox::gui {

// "de": what the window speaks.
std::string window_language();
// English where there are none in this language. Callable from any thread; they are not read again in this process.
base::Result<std::shared_ptr<const report::Texts>> texts_in(const std::string& language);

// What a record's source and a topic are called; their ids where they have no name.
QString source_name(std::string_view source);
QString topic_name(std::string_view topic);

}  // namespace deadbox::gui
