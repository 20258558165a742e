// The loop of deadbox-preview: takes orders for one kind, answers each.
#pragma once

#include "base/function_ref.hpp"
#include "preview/asked_source.hpp"
#include "preview/kind.hpp"
#include "preview/previews.hpp"

namespace deadbox::preview {

// How pictures are decoded: the program's own, which has a decoder.
using Decoder = base::FunctionRef<base::Result<std::int64_t>(const Order&, const Sources&, Answer&)>;

// Until the other end closes. Errors of one order are an answer; the error given back is one of the conversation.
base::Result<void> serve(Kind kind, Channel channel, Decoder picture);

}  // namespace deadbox::preview
