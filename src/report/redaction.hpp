// What is left out of a report. Three nets, one behind the other: spans that a detector marked in its excerpt; what has the
// form of a secret in any text (plugin/secret_text.hpp); and the very values that the topics' columns declare secret
// (redaction_values.hpp) or person, as they are and as requests, JSON and code spell them.
//
// Persons: accounts of people, their names and each part of them, half of a double name, too; umlauts spelled out or without their
// marks, with any apostrophe or none, percent-encoded in UTF-8 and Latin-1. Not known again are names that another script or
// language writes (Kuznetsova for Кузнецова), nicknames, whoever has no account, and names that every machine has in its paths (var, php). Only what the evidence or people say is
// searched for persons: an account may be called "may" or "will", and our own sentences have such words.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "case/view.hpp"
#include "plugin/secret_text.hpp"
#include "report/model.hpp"
#include "report/redaction_values.hpp"

namespace deadbox::report {

// `spans`: finding_item.secrets, a JSON array of [start, length, is a person]. Damaged spans hide the whole excerpt.
std::string redact_excerpt(std::string_view excerpt, std::string_view spans, Redact redact);

class Redactor {
public:
    // With Redact::none it changes nothing.
    Redactor() = default;
    static base::Result<Redactor> load(const case_file::View& view, Redact redact);

    Redact redact() const { return m_redact; }
    // Free text: a message, an excerpt, a command line.
    std::string text(std::string_view raw) const;
    // What stands in a sentence of ours: a path, else free text.
    std::string argument(std::string_view raw) const;
    // A sentence of ours, with arguments that are redacted already: what only has the form of a secret around it goes, too.
    std::string filled(std::string_view raw) const;
    // A path or a name of a thing, each part of a path by itself.
    std::string name(std::string_view raw) const;
    // As told(), but who is named stays: the examiner is no person of the machine.
    std::string secrets(std::string_view raw) const;
    // A user's name with which somebody was refused: a password that was typed in its place goes, names that are guessed stay.
    std::string refused_user(std::string_view raw) const;
    // What a person wrote: sentences with secrets in them, too.
    std::string told(std::string_view raw) const;
    // The strings of a JSON value.
    std::string json(std::string_view raw) const;
    // A finding with its items, as load_findings() made them.
    void finding(ReportFinding& finding) const;
    void item(ReportItem& item) const;
    void coverage(std::vector<CoverageRow>& rows) const;
    // Details of a custody entry, a JSON object. As they are where nothing is left out: their hash tells it then.
    std::string custody(const std::string& details) const;
    // What people wrote into the case: its data, the conclusion, notes, the custody log, the command line. Who they are stays, but for persons
    // of the machine.
    void written(Report& report) const;

private:
    base::Result<void> load_persons(const case_file::View& view);
    void add_person(std::string_view value, const std::string& stands_for);
    void add_full_name(const std::string& small, const std::string& stands_for);
    std::string without_forms(std::string_view raw, const std::vector<plugin::SecretSpan>& spans) const;
    std::string without_names(const std::string& raw) const;  // of files, with a password in them
    std::string without_addresses(std::string_view raw) const;
    std::string without_persons(std::string_view raw) const;

    Redact m_redact = Redact::none;
    SecretValues m_values;
    std::unordered_map<std::string, std::string> m_persons;  // lower-case word -> what stands for it
    // Those with other signs in them, by what stands before the first of them, or that sign itself; the longest first.
    std::unordered_map<std::string, std::vector<std::pair<std::string, std::string>>> m_full_names;
};

}  // namespace deadbox::report
