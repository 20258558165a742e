// Lines of a shell's history that are a secret as a whole. Passwords that were typed at the wrong prompt (plugin/secret_shape.hpp), and
// private keys that were pasted: each of their lines is a line of the history. Lines of their full length are known by
// themselves (plugin/secret_shape.hpp); the last one of a key only behind the others.
#pragma once

#include <string>
#include <string_view>

namespace deadbox::plugins::credentials {

class KeyLines {
public:
    // The next line of a history. It, or the line before, where that is such a secret that nothing else tells; else empty.
    std::string follow(std::string_view line);

private:
    std::string m_before;  // the line before, where it may be the last of a key
    bool m_within = false;
};

}  // namespace deadbox::plugins::credentials
