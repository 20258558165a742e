#include "preview/lock_down.hpp"

#include <sys/resource.h>

#include <clocale>
#include <cstdlib>
#include <ctime>

#include "sandbox/lockdown.hpp"

namespace deadbox::preview {
namespace {

constexpr rlim_t k_seconds = 60;                   // of the processor
constexpr std::uint64_t k_memory = 1ull << 30;
constexpr std::uint64_t k_picture_memory = 3ull << 30;

}  // namespace

base::Result<void> lock_down(Kind kind) {
    // Names in archives are UTF-8 or bytes; clocks without a zone stay what they are. Both need files, so both come first.
    std::setlocale(LC_CTYPE, "C.UTF-8");
    ::setenv("TZ", "UTC0", 1);
    ::tzset();
    const rlimit seconds{k_seconds, k_seconds};
    ::setrlimit(RLIMIT_CPU, &seconds);
    sandbox::Limits limits;
    limits.memory = kind == Kind::picture ? k_picture_memory : k_memory;
#if defined(__SANITIZE_ADDRESS__)
    limits.memory = 0;  // the sanitizer's shadow needs the whole address space
#endif
    TRY(sandbox::enter({}, limits));
    return sandbox::close_files();
}

}  // namespace deadbox::preview
