#include "plan/dump.h"

#include <fmt/format.h>

#include "core/quantity.h"
#include "core/quote.h"

namespace sz::plan {
namespace {

std::string value_text(const Arguments& arguments, std::string_view name) {
  if (const auto v = arguments.duration(name)) return to_string(*v);
  if (const auto v = arguments.rate(name)) return fmt::format("{}/{}", v->events, to_string(v->per));
  if (const auto v = arguments.share(name)) return fmt::format("{}", *v);
  if (const auto v = arguments.count(name)) return fmt::format("{}", *v);
  std::string all;
  for (const std::string& text : arguments.texts(name))
    all.append(all.empty() ? "" : ",").append(quote(text));
  return all;
}

bool present(const Arguments& a, std::string_view name) {
  return a.flag(name) || a.duration(name) || a.rate(name) || a.share(name) || a.count(name) || a.text(name);
}

std::string arguments_text(const Arguments& arguments, std::span<const PositionalDeclaration> positionals,
                           std::span<const OptionDeclaration> options) {
  std::string all;
  const auto add = [&](std::string_view name, bool fallback) {
    if (!all.empty()) all += ' ';
    all += name;
    if (!arguments.flag(name)) all.append("=").append(value_text(arguments, name));
    if (fallback) all += '*';
  };
  for (const PositionalDeclaration& p : positionals)
    if (present(arguments, p.name)) add(p.name, false);
  for (const OptionDeclaration& o : options)
    if (present(arguments, o.name)) add(o.name, !arguments.given(o.name));
  return all;
}

std::string pipeline_text(const Pipeline& pipeline);

std::string groups_text(const std::vector<Group>& groups) {
  std::string all;
  for (const Group& group : groups) {
    all += " [ ";
    if (group.condition) all += quote(group.condition->text) + ": ";
    if (group.otherwise) all += "else: ";
    all += pipeline_text(group.pipeline);
    if (!group.pipeline.steps.empty()) all += ' ';
    all += "]";
  }
  return all;
}

std::string call_text(const Declaration& declaration, const Arguments& arguments,
                      const std::vector<Group>& groups) {
  return fmt::format("{}({}){}", declaration.name,
                     arguments_text(arguments, declaration.positionals, declaration.options),
                     groups_text(groups));
}

std::string step_text(const Step& step) {
  std::string all;
  for (const Step::Prefix& prefix : step.prefixes)
    all += call_text(*prefix.declaration, prefix.arguments, prefix.groups) + ": ";
  if (step.declaration != nullptr) return all + call_text(*step.declaration, step.arguments, step.groups);
  return all + groups_text(step.groups).substr(1);
}

std::string pipeline_text(const Pipeline& pipeline) {
  std::string all;
  for (const Step& step : pipeline.steps) all.append(all.empty() ? "" : " then ").append(step_text(step));
  return all;
}

struct Dump {
  std::string operator()(const Invocation& i) const {
    std::vector<OptionDeclaration> given;
    for (const OptionDeclaration& o : globals())
      if (i.globals.given(o.name)) given.push_back(o);
    std::string all = arguments_text(i.globals, {}, given);
    if (!all.empty()) all = fmt::format("{{{}}} ", all);
    all += pipeline_text(i.pipeline);
    for (const std::string& input : i.inputs)
      all.append(&input == &i.inputs.front() ? " <- " : ", ").append(quote(input));
    return all;
  }
  std::string operator()(const ShowHelp& h) const {
    return fmt::format("help {}{}", h.subject.empty() ? "sz" : h.subject, h.whole ? ", whole" : "");
  }
  std::string operator()(const ShowVersion&) const { return "version"; }
  std::string operator()(const NoStage&) const { return "no stage"; }
  std::string operator()(const ShowCompletion& c) const { return "completion " + c.shell; }
  std::string operator()(const Explain& e) const { return "explain\n" + (*this)(e.invocation); }
  std::string operator()(const Demo& d) const {
    return fmt::format("demo, {} lines, seed {}{}", d.count, d.seed, d.rate ? ", at a rate" : "");
  }
  std::string operator()(const LetterStats& s) const { return "letter stats of " + s.file; }
  std::string operator()(const Replay& r) const {
    std::string all =
        fmt::format("replay {} as {}", r.file, r.as == Replay::As::record ? "record" : "original");
    for (const std::string& kind : r.kinds) all += ", kind " + kind;
    for (const std::string& stage : r.stages) all += ", stage " + stage;
    return all;
  }
};

}  // namespace

std::string dump(const Command& command) { return std::visit(Dump{}, command) + "\n"; }

}  // namespace sz::plan
