#include "json/walk.h"

#include <bit>
#include <cstring>

#include "json/bytes.h"
#include "json/chars.h"
#include "json/fault.h"
#include "json/scalar.h"

namespace sz::json {
namespace {

std::uint16_t two_bytes(const char* p) {
  std::uint16_t w;
  std::memcpy(&w, p, sizeof w);
  return w;
}

}  // namespace

std::uint32_t walk(const char* bytes, const std::uint32_t* at, std::uint32_t* link, std::uint32_t slot,
                   std::uint32_t deepest) {
  constexpr std::uint32_t none = ~std::uint32_t{0};
  // The slot to look at next.
  const std::uint32_t* a = at + slot;
  std::uint32_t* l = link + slot;
  // The innermost open bracket; its link[] holds the next one out until it is closed.
  std::uint32_t parent = none;
  std::uint32_t depth = 0;
  const auto index = [&] { return static_cast<std::uint32_t>(a - at); };
  const auto byte = [&](std::ptrdiff_t n) { return bytes[a[n]]; };
  const auto scalar = [&] { return scalar_at(bytes + a[0], a[1] - a[0]); };

  switch (byte(0)) {
    case '{':
      goto object_begin;
    case '[':
      goto array_begin;
    case '"':
      *l = 0;
      return slot + 1;
    default:
      return scalar() ? slot + 1 : 0;
  }

  // Where a key or value follows its `,` or `:` directly, as it mostly does, that byte tells what the next
  // slot holds, and the slot itself need not be read.
object_begin:
  if (++depth > deepest) return 0;
  *l++ = parent;
  parent = index();
  ++a;
  if (byte(0) == '}') goto close;

object_member:
  if (byte(0) != '"') return 0;

  // The usual members, four slots each.
  for (;;) {
    const char* const colon = bytes + a[1];
    l[0] = 0;
    if (two_bytes(colon) == two_bytes(":\"")) {
      l[2] = 0;
    } else if (*colon != ':') {
      return 0;
    } else if (!is_digit(colon[1])) {
      break;
    } else if (!unsigned_at(colon + 1, a[3] - a[2])) {
      return 0;
    }
    if (two_bytes(bytes + a[3]) != two_bytes(",\"")) {
      a += 3;
      l += 3;
      goto object_next;
    }
    a += 4;
    l += 4;
  }
  a += 2;
  l += 2;
  switch (byte(0)) {
    case '"':
      *l = 0;
      break;
    case '{':
      goto object_begin;
    case '[':
      goto array_begin;
    default:
      if (!scalar()) return 0;
  }
  ++a;
  ++l;

object_next: {
  const char next = byte(0);
  if (next == '}') goto close;
  if (next != ',') return 0;
  ++a;
  ++l;
  goto object_member;
}

array_begin:
  if (++depth > deepest) return 0;
  *l++ = parent;
  parent = index();
  ++a;
  if (byte(0) == ']') goto close;

array_element:
  switch (byte(0)) {
    case '"':
      *l = 0;
      break;
    case '{':
      goto object_begin;
    case '[':
      goto array_begin;
    default:
      if (!scalar()) return 0;
  }
  ++a;
  ++l;

array_next: {
  const char c = byte(0);
  if (c == ',') {
    ++a;
    ++l;
    goto array_element;
  }
  if (c == ']') goto close;
  return 0;
}

close: {
  const std::uint32_t outer = link[parent];
  link[parent] = index();
  *l++ = parent;
  ++a;
  --depth;
  parent = outer;
  if (outer == none) return index();
  if (bytes[at[outer]] == '{') goto object_next;
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
