// How the tests show what plugin::secret_spans() finds in a text.
#pragma once

#include <QByteArray>

#include <string>

#include "plugin/secret_text.hpp"

namespace deadbox::test {

// The text with each secret between these two; without `close` they stand for it.
inline QByteArray with_secrets_marked(const std::string& raw, const std::string& open, const std::string& close) {
    std::string out;
    std::size_t done = 0;
    for (const auto& span : plugin::secret_spans(raw)) {
        out += raw.substr(done, span.start - done) + open + (close.empty() ? std::string() : raw.substr(span.start, span.length) + close);
        done = span.start + span.length;
    }
    return QByteArray::fromStdString(out + raw.substr(done));
}

}  // namespace deadbox::test
