// Follows constants and the request's data through a PHP script: assignments, functions, classes, decoders and the
// code that they reveal. Nothing is run: unknown conditions are followed both ways, and steps, bytes and layers are
// bounded.
#pragma once

#include "webshell/features.hpp"
#include "webshell/php_syntax.hpp"

namespace deadbox::plugins::webshell::php {

struct Limits {
    std::uint64_t steps = 250'000;
    std::uint64_t steps_of_hidden = 3'000'000;  // where long texts wait for something that runs code: decoders take a step a byte
    std::uint64_t bytes = 48u << 20;  // of strings made and code decoded
    int layers = 90;
};

// `text` is the whole script; what is found goes into `features`. `decoded_text` takes the code of the layers.
void evaluate(std::string_view text, Node* root, Arena& arena, LexicalFacts& facts, const Limits& limits, Features& features, std::string& decoded_text);

}  // namespace deadbox::plugins::webshell::php
