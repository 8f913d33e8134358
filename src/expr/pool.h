#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>

namespace sz::expr {

/// Memory for the built values of one program: pieces up to 1 KiB are kept when they are given back, by size,
/// for the next record, which usually wants the same ones. Keeps at most 1 MiB. Under the address sanitizer
/// it keeps nothing, so that a use after the end is seen. One thread.
class Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  void* take(std::size_t bytes) {
    const std::size_t size = size_class(bytes);
    if (size >= sizes || free_[size] == nullptr) return take_fresh(bytes);
    Free* const piece = free_[size];
    free_[size] = piece->next;
    kept_ -= size * step;
    return piece;
  }
  /// `bytes` as they were asked for.
  void give(void* piece, std::size_t bytes) {
    const std::size_t size = size_class(bytes);
    if (size >= sizes || kept_ >= most_kept || !keeps) return ::operator delete(piece);
    free_[size] = ::new (piece) Free{free_[size]};
    kept_ += size * step;
  }

 private:
  struct Free {
    Free* next;
  };
  static constexpr std::size_t step = 16, sizes = 1024 / step + 1, most_kept = std::size_t{1} << 20;
#if defined(__SANITIZE_ADDRESS__)
  static constexpr bool keeps = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  static constexpr bool keeps = false;
#else
  static constexpr bool keeps = true;
#endif
#else
  static constexpr bool keeps = true;
#endif

  static std::size_t size_class(std::size_t bytes) { return (bytes + step - 1) / step; }
  static void* take_fresh(std::size_t bytes);

  std::array<Free*, sizes> free_{};
  std::size_t kept_ = 0;
};

/// Hands a pool to the standard containers; the pool outlives them.
template <class T>
class PoolAllocator {
 public:
  using value_type = T;
  explicit PoolAllocator(Pool& pool) : pool_(&pool) {}
  template <class U>
  PoolAllocator(const PoolAllocator<U>& other) : pool_(other.pool()) {}

  T* allocate(std::size_t n) { return static_cast<T*>(pool_->take(n * sizeof(T))); }
  void deallocate(T* p, std::size_t n) { pool_->give(p, n * sizeof(T)); }
  Pool* pool() const { return pool_; }
  template <class U>
  bool operator==(const PoolAllocator<U>& other) const {
    return pool_ == other.pool();
  }

 private:
  Pool* pool_;
};

}  // namespace sz::expr
