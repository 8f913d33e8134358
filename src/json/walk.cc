#include "json/walk.h"

#include <bit>
#include <cstring>

#include "json/bytes.h"
#include "json/chars.h"
#include "json/fault.h"
#include "json/scalar.h"

namespace sz::json {

std::uint32_t walk(const char* bytes, const std::uint32_t* at, std::uint32_t* link, std::uint32_t slot,
                   std::uint32_t deepest) {
  constexpr std::uint32_t none = ~std::uint32_t{0};
  std::size_t i = slot;
  // The innermost open bracket; its link[] holds the next one out until it is closed.
  std::uint32_t parent = none;
  std::uint32_t depth = 0;
  const auto byte = [bytes, at](std::size_t n) { return bytes[at[n]]; };
  const auto scalar = [bytes, at](std::size_t n) { return scalar_at(bytes + at[n], at[n + 1] - at[n]); };

  switch (byte(i)) {
    case '{':
      goto object_begin;
    case '[':
      goto array_begin;
    case '"':
      link[i] = 0;
      return slot + 1;
    default:
      return scalar(i) ? slot + 1 : 0;
  }

  // At each label below, i is the slot to look at next.
object_begin:
  if (++depth > deepest) return 0;
  link[i] = parent;
  parent = static_cast<std::uint32_t>(i);
  ++i;
  if (byte(i) == '}') goto close;

object_member: {
  const char value = byte(i + 2);
  if (((byte(i) ^ '"') | (byte(i + 1) ^ ':')) != 0) return 0;
  link[i] = 0;
  i += 2;
  if (value == '"') {
    link[i] = 0;
  } else if (value == '{') {
    goto object_begin;
  } else if (value == '[') {
    goto array_begin;
  } else if (!scalar(i)) {
    return 0;
  }
  ++i;
}

object_next: {
  const char c = byte(i);
  if (c == ',') {
    ++i;
    goto object_member;
  }
  if (c == '}') goto close;
  return 0;
}

array_begin:
  if (++depth > deepest) return 0;
  link[i] = parent;
  parent = static_cast<std::uint32_t>(i);
  ++i;
  if (byte(i) == ']') goto close;

array_element: {
  const char value = byte(i);
  if (value == '"') {
    link[i] = 0;
  } else if (value == '{') {
    goto object_begin;
  } else if (value == '[') {
    goto array_begin;
  } else if (!scalar(i)) {
    return 0;
  }
  ++i;
}

array_next: {
  const char c = byte(i);
  if (c == ',') {
    ++i;
    goto array_element;
  }
  if (c == ']') goto close;
  return 0;
}

close: {
  const std::uint32_t outer = link[parent];
  link[parent] = static_cast<std::uint32_t>(i);
  link[i] = parent;
  ++i;
  --depth;
  parent = outer;
  if (outer == none) return static_cast<std::uint32_t>(i);
  if (byte(outer) == '{') goto object_next;
  goto array_next;
}
}

bool mark_escapes(const char* bytes, const std::uint32_t* at, std::uint32_t* link, std::uint32_t slot,
                  std::uint32_t from, std::uint32_t to) {
  const char* const end = bytes + to;
  const char* next = bytes + from;  // the backslash before it, if any, has taken what precedes it
  for (const char* group = next; group < end; group += 64) {
    std::uint64_t found = backslashes(group);
    if (end - group < 64) found &= (std::uint64_t{1} << (end - group)) - 1;
    for (; found != 0; found &= found - 1) {
      const char* const p = group + std::countr_zero(found);
      if (p < next) continue;
      const auto offset = static_cast<std::uint32_t>(p - bytes);
      while (at[slot + 1] <= offset) ++slot;
      link[slot] = 1;
      if (p[1] == 'u' ? hex4(p + 2) < 0 : escape_value(p[1]) == 0) return false;
      next = p + 2;
    }
  }
  return true;
}

}  // namespace sz::json
