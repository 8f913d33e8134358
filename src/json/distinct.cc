#include "json/distinct.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace sz::json {
namespace {

/// Cheap and different for most different names: their length and up to eight first and eight last bytes.
std::uint64_t mark(const Node& key, std::string& scratch) {
  const std::string_view name = key.string(scratch);
  std::uint64_t head = 0, tail = 0;
  const std::size_t n = std::min(name.size(), sizeof head);
  std::memcpy(&head, name.data(), n);
  std::memcpy(&tail, name.data() + name.size() - n, n);
  return (head ^ (tail * 0x9E3779B97F4A7C15U)) + name.size();
}

bool same_name(const Node& a, const Node& b) {
  std::string scratch;
  return a.string_escaped() ? b.string_is(a.string(scratch)) : a.string_is(b.string(scratch));
}

}  // namespace

bool has_repeated_names(const Node& object) {
  constexpr std::size_t few = 32;
  std::uint64_t marks[few];
  std::uint32_t slots[few];
  std::size_t n = 0;
  std::string scratch;
  for (const auto& [key, value] : object.members()) {
    if (n == few) return distinct_members(object).size() != object.size();
    const std::uint64_t m = mark(key, scratch);
    for (std::size_t i = 0; i < n; ++i) {
      if (marks[i] == m && same_name(Node(object.slots(), slots[i]), key)) return true;
    }
    marks[n] = m;
    slots[n++] = key.slot();
  }
  return false;
}

std::vector<Members::Member> distinct_members(const Node& object) {
  std::vector<Members::Member> members;
  std::unordered_map<std::string, std::size_t> place;
  std::string scratch;
  for (const auto& member : object.members()) {
    const auto [it, fresh] = place.try_emplace(std::string(member.key.string(scratch)), members.size());
    if (fresh) {
      members.push_back(member);
    } else {
      members[it->second].value = member.value;
    }
  }
  return members;
}

}  // namespace sz::json
