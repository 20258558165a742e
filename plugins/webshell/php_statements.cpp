// Statements: unknown conditions are followed both ways.
#include "webshell/php_evaluation.hpp"

#include <algorithm>
#include <cstring>

namespace deadbox::plugins::webshell::php {
namespace {

constexpr std::uint32_t k_many_branches = 6;  // of an if: two kids each

}  // namespace

Flow Evaluator::execute(const Node* s) {
    if (!s || !step() || m_depth > k_deepest) return Flow::normal;
    ++m_depth;
    forget_login();
    const auto flow = execute_inner(s);
    --m_depth;
    return flow;
}

Flow Evaluator::sequence(const Node* block, bool fenced) {
    std::vector<bool> done;  // made by the first jump
    int jumps = 0;
    for (std::uint32_t i = 0;;) {
        if (i >= block->count) {
            // What no jump led to stands behind a label.
            while (!done.empty() && i > 0 && (done[i - 1] || block->kids[i - 1]->kind != Kind::label)) --i;
            if (done.empty() || i == 0) return Flow::normal;
            --i;
        }
        if (fenced) fence();
        if (!done.empty()) done[i] = true;
        const auto flow = execute(block->kids[i]);
        if (fenced && done.empty() && ends_at_once(block, i)) return Flow::normal;
        if (flow == Flow::jumped) {
            if (done.empty()) {
                done.resize(block->count, false);
                std::fill_n(done.begin(), i + 1, true);
            }
            const auto* to = std::find_if(block->kids, block->kids + block->count, [&](const Node* n) { return n->kind == Kind::label && n->text == m_jump; });
            if (to == block->kids + block->count && !fenced) return flow;
            const auto place = static_cast<std::uint32_t>(to - block->kids);
            // Back again and again is a loop, which is not followed far.
            i = place < block->count && (!done[place] || ++jumps < 16) ? place : block->count;
            continue;
        }
        if (flow != Flow::normal && !fenced) return flow;
        ++i;
    }
}

// "<?php exit; ?>" before a cache's or a log's text: nothing behind it runs, unless a goto leads there or something is left to
// do at the end.
bool Evaluator::ends_at_once(const Node* block, std::uint32_t at) {
    const auto* s = block->kids[at];
    if (!s || m_layer > 0 || s->kind != Kind::expression || !s->kid(0) || s->kid(0)->kind != Kind::exit) return false;
    const bool first = std::all_of(block->kids, block->kids + at, [](const Node* n) { return !n || n->kind == Kind::html || n->kind == Kind::nothing; });
    return first && !ends_late() && std::none_of(block->kids + at, block->kids + block->count, [](const Node* n) { return n && n->kind == Kind::label; });
}

Flow Evaluator::execute_inner(const Node* s) {
    switch (s->kind) {
        case Kind::block: return sequence(s, false);
        case Kind::expression:
            at(s);
            evaluate(s->kid(0));
            login_statement(s->kid(0));
            guard_statement(s->kid(0));
            return Flow::normal;
        case Kind::echo:
            at(s);
            for (std::uint32_t i = 0; i < s->count; ++i) {
                const auto v = evaluate(s->kids[i]);
                if (v.taint & k_whole && !m_output_callbacks.empty()) {
                    const auto callbacks = std::move(m_output_callbacks);
                    m_output_callbacks.clear();
                    for (const auto& f : callbacks) invoke(f, {Value::unknown(k_request | k_whole), Value()}, "ob_start");
                }
            }
            return Flow::normal;
        case Kind::if_: return execute_if(s);
        case Kind::while_: return loop(nullptr, s->kid(0), nullptr, s->kid(1), false);
        case Kind::do_while: return loop(nullptr, s->kid(1), nullptr, s->kid(0), true);
        case Kind::for_: {
            for (std::uint32_t i = 0; i < s->kid(0)->count; ++i) evaluate(s->kid(0)->kids[i]);
            return loop(nullptr, s->kid(1), s->kid(2), s->kid(3), false);
        }
        case Kind::foreach_: return execute_foreach(s);
        case Kind::switch_: return execute_switch(s);
        case Kind::break_: return uncertain() ? Flow::normal : Flow::broken;
        case Kind::continue_: return uncertain() ? Flow::normal : Flow::continued;
        case Kind::goto_:
            if (uncertain()) return Flow::normal;
            m_jump = s->text;
            return Flow::jumped;
        case Kind::return_: {
            at(s);
            Value v = s->count ? evaluate(s->kids[0]) : Value::null();
            if (m_scope == &m_globals) return Flow::normal;
            if (m_scope->has_result && uncertain()) {
                // Several ways out: the first that says something, with all their taint.
                const Taint both = static_cast<Taint>(m_scope->result.taint | v.taint);
                if (!m_scope->result.is_known() || m_scope->result.type == Type::null || m_scope->result.type == Type::boolean) m_scope->result = std::move(v);
                m_scope->result.taint |= both;
            } else if (!m_scope->has_result || !uncertain()) {
                const Taint old = m_scope->has_result ? m_scope->result.taint : Taint{0};
                const auto& early = m_scope->result;  // "return false;" of a branch is no answer
                const bool better = !m_scope->has_result || v.is_known() || !early.is_known() || early.type == Type::null || early.type == Type::boolean;
                if (better) m_scope->result = std::move(v);
                m_scope->result.taint |= old;
            }
            m_scope->has_result = true;
            return uncertain() ? Flow::normal : Flow::returned;
        }
        case Kind::global:
            for (std::uint32_t i = 0; i < s->count; ++i)
                if (m_scope != &m_globals && s->kids[i]->kind == Kind::variable) m_global_names[m_scope].insert(std::string(s->kids[i]->text));
            return Flow::normal;
        case Kind::static_:
            for (std::uint32_t i = 0; i < s->count; ++i) {
                if (s->kids[i]->kind == Kind::assign) evaluate(s->kids[i]);
                else if (s->kids[i]->kind == Kind::variable) m_scope->variables.try_emplace(std::string(s->kids[i]->text), Value::null());
            }
            return Flow::normal;
        case Kind::unset:
            for (std::uint32_t i = 0; i < s->count; ++i) unset(s->kids[i]);
            return Flow::normal;
        case Kind::function: add_function(lowered(s->text), s, nullptr); return Flow::normal;
        case Kind::class_: add_class(s); return Flow::normal;
        case Kind::constant:
            m_constants[std::string(s->text)] = evaluate(s->kid(1));
            return Flow::normal;
        case Kind::try_: {
            auto flow = execute(s->kid(0));
            for (std::uint32_t i = 1; i + 1 < s->count; i += 2) {
                ++m_uncertain;
                if (s->kids[i]->kind == Kind::variable) assign_variable(std::string(s->kids[i]->text), m_thrown);
                execute(s->kids[i + 1]);
                --m_uncertain;
            }
            return flow;
        }
        case Kind::html: case Kind::nothing: case Kind::label: return Flow::normal;
        default: at(s); evaluate(s); return Flow::normal;
    }
}

Flow Evaluator::execute_if(const Node* s) {
    bool decided = true, strangers_gone = false;
    for (std::uint32_t i = 0; i < s->count; i += 2) {
        if (i + 1 == s->count) {  // else
            if (decided) return execute(s->kids[i]);
            ++m_uncertain;
            if (strangers_gone) enter_login(false);
            execute_part(s->kids[i]);
            --m_uncertain;
            return Flow::normal;
        }
        at(s->kids[i]);
        const auto condition = evaluate(s->kids[i]);
        password_gate(s->kids[i]);
        const auto truth = condition.is_known() && !(condition.taint & ~k_built & ~k_decoded) ? condition.truth() : std::nullopt;
        if (truth && decided) {
            if (*truth) return execute(s->kids[i + 1]);
            // A branch that constants rule out may still be what a later edit wakes up: it is not followed.
            continue;
        }
        decided = false;
        std::vector<Guard> guards;
        find_guards(s->kids[i], true, 0, guards);
        const auto pieces = m_pieces;
        enter_guards(guards);
        ++m_uncertain;
        if (tells_login(s->kids[i], true, 0)) enter_login(false);
        execute_part(s->kids[i + 1], s->count >= k_many_branches);
        --m_uncertain;
        forget_login();
        leave_guards(guards);
        m_pieces = pieces;
        strangers_gone |= tells_login(s->kids[i], false, 0);
    }
    guard_what_follows(s);
    return Flow::normal;
}

void Evaluator::password_gate(const Node* condition) {
    const Node* n = condition;
    int guard = 0;
    while (n && n->kind == Kind::unary && ++guard < 4) n = n->kid(0);
    std::vector<const Node*> open{n};
    for (int budget = 24; !open.empty() && budget > 0; --budget) {
        const auto* one = open.back();
        open.pop_back();
        if (!one) continue;
        if (one->kind == Kind::binary && (one->op == op("&&") || one->op == op("||"))) {
            open.push_back(one->kid(0));
            open.push_back(one->kid(1));
        } else if (one->kind == Kind::binary && (one->op == op("==") || one->op == op("===") || one->op == op("!=") || one->op == op("!=="))) {
            for (int side = 0; side < 2; ++side) {
                const auto *a = one->kid(static_cast<std::uint32_t>(side)), *b = one->kid(static_cast<std::uint32_t>(1 - side));
                const bool digest = a->kind == Kind::call && a->kid(0)->kind == Kind::name && (a->kid(0)->text == "md5" || a->kid(0)->text == "sha1" || a->kid(0)->text == "crypt" || a->kid(0)->text == "hash");
                if (digest && (b->kind == Kind::string || b->kind == Kind::variable)) {
                    ++m_quiet;
                    const auto argument = a->count > 1 ? evaluate(a->kids[a->count - 1]) : Value();
                    --m_quiet;
                    const auto other = evaluate(b);
                    if (argument.from_request() && other.is_text() && other.text().size() >= 20) sign(Sign::password_gate, "digest");
                } else if (b->kind == Kind::string && b->text.size() >= 3 && a->kind == Kind::index) {
                    const auto base = a->kid(0);
                    const auto key = a->kid(1);
                    if (base && base->kind == Kind::variable && base->text.starts_with('_') && key && key->kind == Kind::string &&
                        (key->text.find("pass") != key->text.npos || key->text.find("pwd") != key->text.npos || key->text == "p" || key->text == "key"))
                        sign(Sign::password_gate, "password");
                }
            }
        }
    }
}

Flow Evaluator::loop(const Node*, const Node* condition, const Node* after, const Node* body, bool first) {
    const auto test = [&]() -> std::optional<bool> {
        if (first) { first = false; return true; }
        if (!condition || condition->kind == Kind::nothing) return true;
        if (condition->kind != Kind::block) { const auto v = evaluate(condition); return v.is_known() ? v.truth() : std::nullopt; }
        std::optional<bool> truth = true;
        for (std::uint32_t i = 0; i < condition->count; ++i) { const auto v = evaluate(condition->kids[i]); truth = v.is_known() ? v.truth() : std::nullopt; }
        return truth;
    };
    const bool endless = !condition || condition->kind == Kind::nothing || condition->kind == Kind::name || condition->kind == Kind::integer || (condition->kind == Kind::block && condition->count == 0);
    const auto advance = [&] { if (after) for (std::uint32_t i = 0; i < after->count; ++i) evaluate(after->kids[i]); };
    // Endless loops and those over unknown conditions are walked twice: what the first pass assigns, the second uses.
    for (std::uint64_t round = 0; !exhausted(); ++round) {
        const auto truth = test();
        if (!truth) {
            ++m_uncertain;
            for (int i = 0; i < 2; ++i) { execute_part(body); advance(); }
            --m_uncertain;
            return Flow::normal;
        }
        if (!*truth) return Flow::normal;
        if (round > (endless ? 300u : 60'000u)) return Flow::normal;
        const auto flow = execute_part(body);
        if (flow == Flow::broken) return Flow::normal;
        if (flow == Flow::returned || flow == Flow::jumped) return flow;
        advance();
    }
    return Flow::normal;
}

Flow Evaluator::execute_foreach(const Node* s) {
    at(s);
    const auto subject = evaluate(s->kid(0));
    const auto *key = s->kid(1), *value = s->kid(2), *body = s->kid(3);
    if (subject.type == Type::array) m_steps += subject.array().items.size();
    if (subject.type == Type::array && !subject.array().incomplete && subject.array().rest == 0) {
        const auto items = subject.array().items;  // a copy: the body may change it
        std::size_t count = 0;
        for (const auto& [name, item] : items) {
            if (exhausted() || ++count > 20'000) break;
            if (key && key->kind != Kind::nothing) assign(key, Value::of(name));
            assign(value, item);
            const auto flow = execute_part(body);
            if (flow == Flow::broken) break;
            if (flow == Flow::returned || flow == Flow::jumped) return flow;
        }
        return Flow::normal;
    }
    Taint taint = deep_taint(subject);
    if (subject.special == Special::files) taint = k_request | k_whole | k_upload;
    if (subject.special == Special::server) taint = k_request;
    ++m_uncertain;
    for (int i = 0; i < 2; ++i) {
        if (key && key->kind != Kind::nothing) assign(key, Value::unknown(taint));
        Value item = Value::unknown(taint);
        item.special = subject.special;
        assign(value, std::move(item));
        execute_part(body);
    }
    --m_uncertain;
    return Flow::normal;
}

Flow Evaluator::execute_switch(const Node* s) {
    at(s);
    const auto subject = evaluate(s->kid(0));
    if (subject.is_scalar() && !subject.from_request()) {
        std::uint32_t start = 0, otherwise = 0;
        bool sure = true;
        for (std::uint32_t i = 1; i < s->count && start == 0; ++i) {
            if (s->kids[i]->kid(0)->kind == Kind::nothing) { otherwise = i; continue; }
            const auto v = evaluate(s->kids[i]->kid(0));
            if (!v.is_scalar()) { sure = false; break; }
            if (binary(op("=="), subject, v).truth().value_or(false)) start = i;
        }
        if (sure) {
            if (start == 0) start = otherwise;
            for (std::uint32_t i = start; start > 0 && i < s->count; ++i) {
                const auto flow = execute(s->kids[i]->kid(1));
                if (flow == Flow::broken) return Flow::normal;
                if (flow != Flow::normal) return flow;
            }
            return Flow::normal;
        }
    }
    ++m_uncertain;
    const auto word = tested(s->kid(0), 0);
    bool from_default = false;  // what has no word of its own may fall through
    for (std::uint32_t i = 1; i < s->count; ++i) {
        const auto* label = s->kids[i]->kid(0);
        const auto said = evaluate(label);
        std::vector<Guard> guards;
        if (word && word->variables && said.is_text() && !from_default) {
            guards.push_back(*word);
            guards[0].left = Value::of(said.text());
        }
        from_default = label->kind == Kind::nothing;
        const auto pieces = m_pieces;
        if (!guards.empty()) enter_guards(guards);
        execute_part(s->kids[i]->kid(1), true);
        leave_guards(guards);
        m_pieces = pieces;
    }
    --m_uncertain;
    return Flow::normal;
}

}  // namespace deadbox::plugins::webshell::php
