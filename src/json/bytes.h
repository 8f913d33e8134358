#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace sz::json {

/// Is there a byte below 0x0E (thus perhaps a line end) in [from, to)? Written with the compilers' vector
/// types: SSE2 on x86-64, NEON on arm64.
inline bool has_low_byte(const char* from, const char* to) {
  using Vector [[gnu::vector_size(16)]] = unsigned char;
  constexpr std::ptrdiff_t width = sizeof(Vector);
  const auto load = [](const char* p) {
    Vector v;
    std::memcpy(&v, p, sizeof v);
    return v;
  };
  const auto least = [](Vector a, Vector b) { return a < b ? a : b; };
  const auto least4 = [&](const char* p) {
    return least(least(load(p), load(p + width)), least(load(p + 2 * width), load(p + 3 * width)));
  };
  Vector a;
  if (to - from >= 4 * width) {
    a = least4(to - 4 * width);  // it may overlap the others: one loop, few surprises
    for (; to - from > 4 * width; from += 4 * width) a = least(a, least4(from));
  } else if (to - from >= width) {
    a = load(to - width);
    for (; to - from > width; from += width) a = least(a, load(from));
  } else {
    bool low = false;
    for (; from != to; ++from) low |= static_cast<unsigned char>(*from) < 0x0E;
    return low;
  }
  const Vector found = reinterpret_cast<Vector>(a < 0x0E);
  std::uint64_t half[2];
  std::memcpy(half, &found, sizeof half);
  return (half[0] | half[1]) != 0;
}

/// Bit i is set if p[i] is a backslash. Reads 64 bytes.
inline std::uint64_t backslashes(const char* p) {
  std::uint64_t mask = 0;
#ifdef __SSE2__
  for (int i = 0; i < 4; ++i) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p) + i);
    const int m = _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    mask |= std::uint64_t{static_cast<std::uint32_t>(m)} << (16 * i);
  }
#else
  for (int i = 0; i < 64; ++i) mask |= std::uint64_t{p[i] == '\\'} << i;
#endif
  return mask;
}

/// Bit i of 16 is set if p[i] is a decimal digit. Reads 16 bytes.
inline std::uint32_t digits16(const char* p) {
#ifdef __SSE2__
  const __m128i v = _mm_sub_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)), _mm_set1_epi8('0'));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(9)), v)));
#else
  std::uint32_t mask = 0;
  for (int i = 0; i < 16; ++i) mask |= std::uint32_t{p[i] >= '0' && p[i] <= '9'} << i;
  return mask;
#endif
}

}  // namespace sz::json
