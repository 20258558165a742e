#include "base/result.hpp"

#include <cstring>

namespace deadbox::base {

tl::unexpected<Error> fail_errno(std::string_view what, int error_number) {
    return fail(Errc::io, std::string(what) + ": " + std::strerror(error_number));
}

}  // namespace deadbox::base
