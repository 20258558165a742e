// A non-owning reference to something callable: valid only during the call that it is passed to.
#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace deadbox::base {

template <class>
class FunctionRef;

template <class R, class... Args>
class FunctionRef<R(Args...)> {
public:
    template <class F>
        requires(!std::is_same_v<std::remove_cvref_t<F>, FunctionRef> && std::is_invocable_r_v<R, F&, Args...>)
    FunctionRef(F&& callable)  // NOLINT(google-explicit-constructor): a lambda is passed as it is
        : m_object(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
          m_call([](void* object, Args... args) -> R {
              return std::invoke(*static_cast<std::add_pointer_t<std::remove_reference_t<F>>>(object),
                                 std::forward<Args>(args)...);
          }) {}

    R operator()(Args... args) const { return m_call(m_object, std::forward<Args>(args)...); }

private:
    void* m_object;
    R (*m_call)(void*, Args...);
};

// What a visitor answers; stop ends the walk at once.
enum class Next : bool { go_on, stop };

}  // namespace deadbox::base
