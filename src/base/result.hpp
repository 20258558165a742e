// Failure is a value: what failed, where, and what to do about it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace deadbox::base {

enum class Errc : std::uint8_t {
    io,           // the operating system refused or failed
    truncated,    // bytes end before the structure does
    corrupt,      // bytes contradict their format
    unsupported,  // sound, but of a kind that is not read (yet)
    not_found,
    limit,        // a configured cap ended the work
    denied,       // not allowed: locked file, wrong identity, sandbox
    usage,        // the caller's request makes no sense
    busy,         // in use by another process
    interrupted,
    internal,
};

struct Error {
    Errc code = Errc::internal;
    std::string what;  // one plain sentence without a final stop: what, where, what to do
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Errc code, std::string what) {
    return tl::unexpected<Error>(Error{code, std::move(what)});
}
// `what` at byte `offset`.
inline tl::unexpected<Error> fail(Errc code, std::string_view what, std::uint64_t offset) {
    return fail(code, std::string(what) + " at byte " + std::to_string(offset));
}
// errno's text is appended, and of a full disk what to do; read errno before anything else can change it.
tl::unexpected<Error> fail_errno(std::string_view what, int error_number);

}  // namespace deadbox::base

#define DEADBOX_CONCAT_(a, b) a##b
#define DEADBOX_CONCAT(a, b) DEADBOX_CONCAT_(a, b)

// Return the error of `expression` to the caller, go on otherwise.
#define TRY(...)                                                              \
    do {                                                                      \
        if (auto deadbox_try = (__VA_ARGS__); !deadbox_try)                   \
            return ::tl::unexpected<::deadbox::base::Error>(std::move(deadbox_try).error()); \
    } while (false)

// TRY_ASSIGN(const auto x, f()): as TRY, and x is the value.
#define TRY_ASSIGN(declaration, ...)                                          \
    auto DEADBOX_CONCAT(deadbox_try_, __LINE__) = (__VA_ARGS__);              \
    if (!DEADBOX_CONCAT(deadbox_try_, __LINE__))                              \
        return ::tl::unexpected<::deadbox::base::Error>(                      \
            std::move(DEADBOX_CONCAT(deadbox_try_, __LINE__)).error());       \
    declaration = *std::move(DEADBOX_CONCAT(deadbox_try_, __LINE__))
