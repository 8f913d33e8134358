#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "run/host.h"

namespace sz::run {

/// A whole outside world in memory on virtual time: inputs that get bytes at given instants, signals, an
/// output that takes what it is told to take, work that takes as long as it is told to take. Set it up, hand
/// it to the code under test, look at what came out. Time moves only in wait(), and there by as little as
/// possible, so a run never sleeps and always goes the same way.
class ScriptedHost final : public Host, public SideFiles {
 public:
  /// 2024-01-01T00:00:00Z
  static constexpr Time start_time = Time::from_ns(Time::Wide{1'704'067'200} * 1'000'000'000);

  // The script.

  /// A regular file: all of it can be read from the start.
  void file(const std::string& path, std::string bytes) {
    Source& s = sources_[path];
    s.size = bytes.size();
    s.pieces.push_back({Time::min(), std::move(bytes)});
  }
  /// A pipe: call once for each piece, in order; `after` counts from the start of the run. It ends behind the
  /// last piece, or at end_at().
  void piece(const std::string& path, Duration after, std::string bytes) {
    sources_[path].pieces.push_back({start_time + after, std::move(bytes)});
  }
  void end_at(const std::string& path, Duration after) { sources_[path].ends = start_time + after; }
  /// Reading fails behind the last piece.
  void fail_at_end(const std::string& path, std::string error) { sources_[path].fault = std::move(error); }
  /// No read() gives more than this; 0 is no limit.
  void limit_reads(std::size_t bytes) { read_limit_ = bytes; }

  /// Once `after` has passed.
  void signal(Duration after, int number) { signals_.emplace(start_time + after, number); }
  /// The reader of standard output goes away.
  void close_output(Duration after) { output_closes_ = start_time + after; }
  /// Standard output takes at most this much, then nothing until the run waited for it; 0 is no limit.
  void limit_writes(std::size_t bytes) { write_limit_ = write_room_ = bytes; }
  /// With limit_writes: how long the reader needs until it takes more.
  void output_pause(Duration pause) { output_pause_ = pause; }
  /// Writing fails once so much was taken.
  void fail_output_at(std::size_t total, std::string error) {
    output_fault_at_ = total;
    output_fault_ = std::move(error);
  }
  /// What work outside answers, and how long it takes. Without it everything fails at once.
  void answer(std::function<std::pair<Duration, Result>(RequestId, const Request&)> work) {
    work_ = std::move(work);
  }

  // What came of it.

  const std::string& output() const { return output_; }
  /// When how much of the output had been written: for promptness.
  struct Written {
    Duration after;
    std::size_t total = 0;
  };
  const std::vector<Written>& writes() const { return writes_; }
  const std::string& standard_error_text() const { return stderr_.bytes; }
  const std::string& side_file(const std::string& path) const { return side_files_.at(path).bytes; }
  /// All of them, by path.
  std::map<std::string, std::string> side_files() const {
    std::map<std::string, std::string> all;
    for (const auto& [path, file] : side_files_) all.emplace(path, file.bytes);
    return all;
  }
  const std::vector<std::pair<RequestId, Request>>& requests() const { return requests_; }
  const std::vector<RequestId>& cancelled() const { return cancelled_; }
  int waits() const { return waits_; }
  Duration elapsed() const { return now_ - start_time; }

  // Host.

  Time now() override { return now_; }

  std::expected<void, SystemError> open_input(std::size_t slot, const std::string& path) override {
    const auto found = sources_.find(path);
    if (found == sources_.end())
      return std::unexpected(SystemError{"cannot read " + path + ": No such file or directory"});
    open_[slot] = {&found->second};
    return {};
  }

  Read read(std::size_t slot, std::span<char> into) override {
    Open& open = open_.at(slot);
    open.awaited = true;
    std::size_t wanted = into.size();
    if (read_limit_ != 0 && read_limit_ < wanted) wanted = read_limit_;
    while (!open.source->pieces.empty() && open.source->pieces.front().bytes.empty())
      open.source->pieces.pop_front();
    if (open.source->ready() > now_) return {.state = ReadState::later, .size = 0, .error = {}};
    if (open.source->pieces.empty()) {
      if (!open.source->fault.empty())
        return {.state = ReadState::failed, .size = 0, .error = open.source->fault};
      return {.state = ReadState::end, .size = 0, .error = {}};
    }
    Piece& piece = open.source->pieces.front();
    const std::size_t size = std::min(wanted, piece.bytes.size() - piece.taken);
    std::memcpy(into.data(), piece.bytes.data() + piece.taken, size);
    piece.taken += size;
    open.awaited = false;
    if (piece.taken == piece.bytes.size()) open.source->pieces.pop_front();
    return {.state = ReadState::bytes, .size = size, .error = {}};
  }

  void close_input(std::size_t slot) override { open_.erase(slot); }
  std::optional<std::uint64_t> input_size(std::size_t slot) override {
    return open_.contains(slot) ? open_.at(slot).source->size : std::nullopt;
  }

  Write write(std::string_view bytes) override {
    if (output_closed()) return {.size = 0, .closed = true, .error = {}};
    std::size_t size = bytes.size();
    if (write_limit_ != 0) size = std::min(size, write_room_);
    if (output_fault_at_) {
      size = std::min(size, *output_fault_at_ - output_.size());
      if (size == 0 && !bytes.empty())
        return {.size = 0, .closed = false, .error = SystemError{output_fault_}};
    }
    if (write_limit_ != 0) {
      write_room_ -= size;
      if (write_room_ == 0) output_again_ = now_ + output_pause_;
    }
    output_.append(bytes.substr(0, size));
    if (size != 0) writes_.push_back({elapsed(), output_.size()});
    return {.size = size, .closed = false, .error = {}};
  }

  bool output_closed() override { return now_ >= output_closes_; }

  std::optional<SystemError> flush_side_files() override { return std::nullopt; }

  /// Throws if nothing is left that could ever happen: the code under test would hang.
  void wait(const Interest& interest) override {
    ++waits_;
    Time next = interest.until;
    if (interest.input)
      for (const auto& [slot, open] : open_)
        if (open.awaited) next = std::min(next, open.source->ready());
    if (interest.output) next = std::min(next, write_limit_ != 0 && write_room_ == 0 ? output_again_ : now_);
    if (!signals_.empty()) next = std::min(next, signals_.begin()->first);
    if (!completions_.empty()) next = std::min(next, completions_.begin()->first.first);
    if (output_closes_ > now_) next = std::min(next, output_closes_);
    if (next == never) throw std::logic_error("waits for nothing");
    now_ = std::max(now_, next);
    if (interest.output && output_again_ <= now_) write_room_ = write_limit_;
  }

  std::optional<int> take_signal() override {
    if (signals_.empty() || signals_.begin()->first > now_) return std::nullopt;
    const int number = signals_.begin()->second;
    signals_.erase(signals_.begin());
    return number;
  }

  void start(RequestId id, Request request) override {
    std::pair<Duration, Result> done;
    if (work_) done = work_(id, request);
    completions_.emplace(std::pair(now_ + done.first, id), std::move(done.second));
    requests_.emplace_back(id, std::move(request));
  }

  void cancel(RequestId id) override {
    cancelled_.push_back(id);
    std::erase_if(completions_, [id](const auto& entry) { return entry.first.second == id; });
  }

  /// In order of time; of equal times the smaller id first.
  std::optional<std::pair<RequestId, Result>> take_completion() override {
    if (completions_.empty() || completions_.begin()->first.first > now_) return std::nullopt;
    auto first = completions_.extract(completions_.begin());
    return std::pair(first.key().second, std::move(first.mapped()));
  }

  // SideFiles.

  std::expected<SideFile*, SystemError> open(const std::string& path, bool append) override {
    MemoryFile& file = side_files_[path];
    if (!append) file.bytes.clear();
    return &file;
  }
  std::expected<SideTree*, SystemError> open_tree(const std::string& directory, bool append,
                                                  std::uint64_t most_files) override {
    for (const auto& tree : trees_)
      if (tree->directory == directory) return tree.get();
    trees_.push_back(std::make_unique<MemoryTree>(*this, directory, append, most_files));
    return trees_.back().get();
  }
  SideFile* standard_error() override { return &stderr_; }

 private:
  struct Piece {
    Time at;
    std::string bytes;
    std::size_t taken = 0;
  };
  struct Source {
    std::deque<Piece> pieces;
    Time ends = Time::min();
    std::string fault;
    std::optional<std::uint64_t> size;
    /// When read() gives the next bytes or the end.
    Time ready() const { return pieces.empty() ? ends : pieces.front().at; }
  };
  struct Open {
    Source* source = nullptr;
    bool awaited = true;  ///< the last read gave nothing
  };
  struct MemoryFile final : SideFile {
    void write(std::string_view more) override { bytes += more; }
    std::string bytes;
  };

  struct MemoryTree final : SideTree {
    MemoryTree(ScriptedHost& h, std::string d, bool a, std::uint64_t m)
        : host(h), directory(std::move(d)), append(a), most(m) {}
    std::expected<void, Failure> write(std::string_view name, std::string_view line) override {
      const std::string path = directory == "." ? std::string(name) : directory + '/' + std::string(name);
      if (most != 0 && !seen.contains(path) && seen.size() >= most)
        return std::unexpected(Failure{.kind = FailureKind::full, .error = "more files than --max-keys"});
      MemoryFile& file = host.side_files_[path];
      if (seen.insert(path).second && !append) file.bytes.clear();
      (file.bytes += line) += '\n';
      return {};
    }
    ScriptedHost& host;
    std::string directory;
    bool append;
    std::uint64_t most;
    std::set<std::string> seen;
  };

  Time now_ = start_time;
  std::map<std::string, Source> sources_;
  std::map<std::size_t, Open> open_;
  std::size_t read_limit_ = 0;
  std::multimap<Time, int> signals_;
  Time output_closes_ = never;
  std::size_t write_limit_ = 0;
  std::size_t write_room_ = 0;
  Duration output_pause_{};
  Time output_again_ = Time::min();
  std::optional<std::size_t> output_fault_at_;
  std::string output_fault_;
  std::function<std::pair<Duration, Result>(RequestId, const Request&)> work_;
  std::map<std::pair<Time, RequestId>, Result> completions_;
  std::string output_;
  std::vector<Written> writes_;
  std::map<std::string, MemoryFile> side_files_;
  std::vector<std::unique_ptr<MemoryTree>> trees_;
  MemoryFile stderr_;
  std::vector<std::pair<RequestId, Request>> requests_;
  std::vector<RequestId> cancelled_;
  int waits_ = 0;
};

}  // namespace sz::run
