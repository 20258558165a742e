// Private keys that were pasted into a shell: each of their lines is a line of the history. Lines of their full length are known by
// themselves (plugin/secret_shape.hpp); the last one of a key only behind the others.
#pragma once

#include <string>
#include <string_view>

namespace deadbox::plugins::credentials {

class KeyLines {
public:
    // The next line of a history. What of it or of the line before is the rest of a key that nothing else tells; else empty.
    std::string follow(std::string_view line);

private:
    std::string m_before;  // the line before, where it may be the last of a key
    bool m_within = false;
};

}  // namespace deadbox::plugins::credentials
