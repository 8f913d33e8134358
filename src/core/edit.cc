#include "core/edit.h"

#include "json/distinct.h"
#include "json/write.h"

namespace sz {

void append_with_member(std::string& out, const json::Node& object, const json::Key& name,
                        std::string_view value) {
  out += '{';
  bool first = true, replaced = false;
  for (const json::Members::Member& member : json::distinct_members(object)) {
    if (!first) out += ',';
    first = false;
    out += member.key.raw();
    out += ':';
    const bool is_it = member.key.string_is(name.name());
    out += is_it ? value : member.value.raw();
    replaced |= is_it;
  }
  if (!replaced) {
    if (!first) out += ',';
    json::append_string(out, name.name());
    out += ':';
    out += value;
  }
  out += '}';
}

}  // namespace sz
