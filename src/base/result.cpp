#include "base/result.hpp"

#include <cerrno>
#include <cstring>

namespace deadbox::base {

tl::unexpected<Error> fail_errno(std::string_view what, int error_number) {
    return fail(Errc::io, std::string(what) + ": " + std::strerror(error_number) + (error_number == ENOSPC ? "; make room there, and do it again" : ""));
}

}  // namespace deadbox::base
