// --exec, --sh and --worker of map, filter and tap, with answers given by hand.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "stages/driver.h"

namespace sz::stages_test {
namespace {

using Kind = Event::Kind;
using Texts = std::vector<std::string>;

Result said(std::string output) { return {.output = std::move(output)}; }
Result exited(int status, std::string tail = {}) {
  return {.number = status, .stderr_tail = std::move(tail)};
}
Result ended(Result::End end, int number = 0) {
  return {.end = end, .number = number, .error = "it is gone"};
}

/// The failures among the events.
std::vector<Failure> failures(Driver& driver) {
  std::vector<Failure> all;
  for (Event& event : driver.take_events())
    if (event.kind == Kind::failed) all.push_back(std::move(event.failure));
  return all;
}

/// What became of one record and one answer: its text if it left, else the failure's kind, else "".
std::string fate(std::string_view pipeline, Result result) {
  const auto driver = drive(pipeline);
  driver->push("{\"n\":1}");
  if (!driver->asked().empty()) driver->answer(0, std::move(result));
  driver->end();
  std::string all;
  for (const Event& event : driver->take_events()) {
    if (event.kind == Kind::failed)
      all += std::string(name(event.why)) + (event.failure.tap ? "(tap) " : " ");
    if (event.kind == Kind::out) all += event.text + " ";
  }
  return all;
}

TEST(Command, TheRecordGoesInAsOneLine) {
  const auto driver = drive("map --exec 'cat -u'");
  driver->push(" {\"n\": 1} \r");
  ASSERT_EQ(driver->asked().size(), 1u);
  EXPECT_EQ(driver->asked()[0].request.input, "{\"n\": 1}\n");
  EXPECT_EQ(driver->asked()[0].request.command->words, (Texts{"cat", "-u"}));
  EXPECT_TRUE(driver->asked()[0].request.command->output);
  driver->answer(0, said("{\"m\":2}"));
  driver->end();
  EXPECT_EQ(driver->take_out(), Texts{"{\"m\":2}"});
}

TEST(Command, MapTakesEachLineAndDropsOnNone) {
  EXPECT_EQ(fate("map --exec x", said("1\n\n [2, 3] \r\n\"x\"")), "1 [2, 3] \"x\" ");
  EXPECT_EQ(fate("map --exec x", said("")), "");
  EXPECT_EQ(fate("map --exec x", said("\n \n")), "");
}

TEST(Command, MapIsAllOrNothing) {
  EXPECT_EQ(fate("map --exec x", said("1\n2\nnope\n")), "exec_output ");
  EXPECT_EQ(fate("map --exec x", said("{\"a\":")), "exec_output ");
  EXPECT_EQ(fate("map --exec x", said("\"\xff\"")), "exec_output ");
}

TEST(Command, StatusesOfMap) {
  EXPECT_EQ(fate("map --exec x", exited(1)), "exec_exit ");
  EXPECT_EQ(fate("map --exec x", exited(65)), "exec_exit ");
  EXPECT_EQ(fate("map --exec x", exited(75)), "exec_exit ");
  EXPECT_EQ(fate("map --exec x", ended(Result::End::signalled, 11)), "exec_signal ");
  EXPECT_EQ(fate("map --exec x --timeout 1s", ended(Result::End::timed_out)), "exec_timeout ");
  EXPECT_EQ(fate("map --exec x", ended(Result::End::unstarted, 7)), "exec_spawn ");
  EXPECT_EQ(fate("map --exec x", ended(Result::End::broken)), "exec_output ");
}

TEST(Command, StatusesOfFilter) {
  EXPECT_EQ(fate("filter --exec x", exited(0)), "{\"n\":1} ");
  EXPECT_EQ(fate("filter --exec x", exited(1)), "");
  EXPECT_EQ(fate("filter -v --exec x", exited(0)), "");
  EXPECT_EQ(fate("filter -v --exec x", exited(1)), "{\"n\":1} ");
  EXPECT_EQ(fate("filter --exec x", exited(2)), "exec_exit ");
  EXPECT_EQ(fate("filter -v --exec x", exited(2)), "exec_exit ");
  EXPECT_EQ(fate("filter --exec x", ended(Result::End::signalled, 9)), "exec_signal ");
}

TEST(Command, AnswersOfAFilteringWorker) {
  for (const char* keeps : {"true", "0", "{}", "\"no\""})
    EXPECT_EQ(fate("filter --worker x", said(keeps)), "{\"n\":1} ") << keeps;
  for (const char* drops : {"", " ", "false", "null"})
    EXPECT_EQ(fate("filter --worker x", said(drops)), "") << drops;
  EXPECT_EQ(fate("filter --worker x", said("nope")), "exec_output ");
}

TEST(Command, ATapPassesTheRecordOnWhateverComes) {
  EXPECT_EQ(fate("tap --exec x", said("ignored")), "{\"n\":1} ");
  EXPECT_EQ(fate("tap --exec x", exited(3)), "exec_exit(tap) {\"n\":1} ");
  EXPECT_EQ(fate("tap --exec 'x {.no}'", {}).substr(0, 9), "arg(tap) ");
}

TEST(Command, AFailedTapCountsItsLineAsFailedOnce) {
  const auto driver = drive("--dlq d tap --exec x then batch --size 2");
  driver->push("1");
  driver->answer(0, exited(1));
  driver->push("2");
  driver->answer(1, exited(0));
  driver->end();
  EXPECT_EQ(driver->ledger().count(Verdict::failed), 1u);
  EXPECT_EQ(driver->ledger().count(Verdict::merged) + driver->ledger().count(Verdict::out), 1u);
}

TEST(Command, WhatOfAnEndGoesIntoTheLetter) {
  const auto driver = drive("map --exec x --jobs 3 --unordered --timeout 2s");
  for (const char* line : {"1", "2", "3"}) driver->push(line);
  driver->answer(0, exited(22, "first\nlast words\n"));
  driver->answer(1, ended(Result::End::signalled, 15));
  driver->answer(2, ended(Result::End::timed_out));
  const auto all = failures(*driver);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].exit, 22);
  EXPECT_EQ(all[0].stderr_tail, "first\nlast words\n");
  EXPECT_EQ(all[0].error, "exit status 22: last words");
  EXPECT_EQ(all[1].signal, 15);
  EXPECT_EQ(all[1].error, "killed by SIGTERM");
  EXPECT_FALSE(all[1].exit);
  EXPECT_EQ(all[2].error, "took longer than 2s");
  driver->end();
}

TEST(Command, KeepsTheOrderOfTheInput) {
  const auto driver = drive("map --exec x --jobs 3");
  for (const char* line : {"1", "2", "3"}) driver->push(line);
  ASSERT_EQ(driver->asked().size(), 3u);
  driver->answer(2, said("30"));
  driver->answer(1, exited(1));
  EXPECT_TRUE(driver->take_events().empty());
  driver->answer(0, said("10"));
  const auto events = driver->take_events();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].text, "10");
  EXPECT_EQ(events[1].kind, Kind::failed);
  EXPECT_EQ(events[2].text, "30");
  driver->end();
}

TEST(Command, UnorderedLeavesAsItComes) {
  const auto driver = drive("map --exec x --jobs 2 --unordered");
  driver->push("1");
  driver->push("2");
  driver->answer(1, said("20"));
  EXPECT_EQ(driver->take_out(), Texts{"20"});
  driver->answer(0, said("10"));
  EXPECT_EQ(driver->take_out(), Texts{"10"});
  driver->end();
}

TEST(Command, ReadsNoMoreWhileAllAreBusy) {
  const auto driver = drive("map --exec x --jobs 2");
  for (const char* line : {"1", "2", "3", "4"}) driver->push(line);
  EXPECT_EQ(driver->asked().size(), 2u);
  EXPECT_EQ(driver->arrived(), 2u);
  EXPECT_TRUE(driver->blocked());
  driver->answer(0, said("1"));
  EXPECT_EQ(driver->asked().size(), 3u);
  driver->answer(1, said("2"));
  driver->answer(2, said("3"));
  driver->answer(3, said("4"));
  EXPECT_EQ(driver->take_out(), (Texts{"1", "2", "3", "4"}));
  EXPECT_FALSE(driver->blocked());
  driver->end();
}

// An array that is split comes whole; each of its elements waits for a process.
TEST(Command, MoreThanItAskedForWaitsInOrder) {
  const auto driver = drive("flatten then map --exec x");
  driver->push("[1,2,3]");
  EXPECT_EQ(driver->asked().size(), 1u);
  EXPECT_EQ(driver->held(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(driver->asked().size(), i + 1);
    driver->answer(i, said(driver->asked()[i].request.input));
  }
  EXPECT_EQ(driver->take_out(), (Texts{"1", "2", "3"}));
  driver->end();
}

TEST(Command, AnOldAnswerHoldsBackMoreOnlyUpToABound) {
  const auto driver = drive("map --exec x --jobs 2");
  driver->push("0");
  std::size_t asked = 1;
  for (; asked < 5000; ++asked) {
    driver->push("1");
    if (driver->asked().size() != asked + 1) break;
    driver->answer(asked, said("1"));
  }
  EXPECT_GT(asked, 500u);
  EXPECT_LT(asked, 5000u) << "it reads on for ever behind one that does not answer";
  driver->answer_all([](const Request&) { return said("1"); });
  driver->answer(0, said("0"));
  driver->end();
  EXPECT_EQ(driver->ledger().count(Verdict::out), asked + 1);
}

TEST(Command, RecordsOfOneKeyNeverOvertakeEachOther) {
  const auto driver = drive("map --exec x --jobs 3 --by .k --unordered");
  driver->push(R"({"k":1,"n":1})");
  driver->push(R"({"k":1,"n":2})");
  driver->push(R"({"k":2,"n":3})");
  driver->push(R"({"k":1.0,"n":4})");
  ASSERT_EQ(driver->asked().size(), 2u) << "two of one key at once, or the other key waits";
  EXPECT_EQ(driver->asked()[1].request.input, "{\"k\":2,\"n\":3}\n");
  driver->answer(1, said("3"));
  EXPECT_EQ(driver->asked().size(), 2u);
  driver->answer(0, said("1"));
  ASSERT_EQ(driver->asked().size(), 3u);
  EXPECT_EQ(driver->asked()[2].request.input, "{\"k\":1,\"n\":2}\n");
  driver->answer(2, exited(1));
  ASSERT_EQ(driver->asked().size(), 4u) << "a failure ends its turn too";
  driver->answer(3, said("4"));
  EXPECT_EQ(driver->take_out(), (Texts{"3", "1", "4"}));
  driver->end();
}

TEST(Command, AKeyThatFailsIsAFailureInItsPlace) {
  const auto driver = drive("map --exec x --by '.a.b'");
  driver->push("1");
  EXPECT_TRUE(driver->asked().empty());
  const auto all = failures(*driver);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].kind, FailureKind::expr);
  driver->end();
}

TEST(Command, FillsArgumentsFromTheRecord) {
  const auto driver = drive(R"sz(tap --exec "x {.a} '{.b[1]}-{.c.d}' {{.a} {x} a{.e}")sz");
  driver->push(R"sz({"a":"two words; $(rm)","b":[0,1.50],"c":{"d":"\n"},"e":true})sz");
  ASSERT_EQ(driver->asked().size(), 1u);
  EXPECT_EQ(driver->asked()[0].request.words,
            (Texts{"x", "two words; $(rm)", "1.50-\n", "{.a}", "{x}", "atrue"}));
  EXPECT_FALSE(driver->asked()[0].request.command->output);
  driver->answer(0, exited(0));
  driver->end();
}

/// What filling `{.a}` of a record gives: the word, or the error.
std::string filled(std::string_view options, std::string_view record) {
  const auto driver = drive(std::string("map ") + std::string(options));
  driver->push(record);
  std::string result;
  if (driver->asked().empty()) {
    const auto all = failures(*driver);
    if (all.size() == 1 && all[0].kind == FailureKind::arg) result = "! " + all[0].error;
  } else {
    result = driver->asked()[0].request.words.at(1);
    driver->answer(0, exited(0));
  }
  driver->end();
  return result;
}

TEST(Command, WhatCannotStandInAnArgumentFailsAsArg) {
  EXPECT_EQ(filled("--exec 'x {.a}'", "{}"), "! {.a} is missing");
  EXPECT_EQ(filled("--exec 'x {.a}'", "7"), "! {.a} is missing");
  EXPECT_EQ(filled("--exec 'x {.a}'", R"({"a":null})"), "! {.a} is null");
  EXPECT_EQ(filled("--exec 'x {.a}'", R"({"a":[1]})"), "! {.a} is an array");
  EXPECT_EQ(filled("--exec 'x {.a}'", R"({"a":{}})"), "! {.a} is an object");
  EXPECT_EQ(filled("--exec 'x {.a}'", R"({"a":"x\u0000y"})"), "! {.a} holds a NUL byte");
  EXPECT_EQ(filled("--exec 'x {.a}'", "{\"a\":\"" + std::string((128 << 10) + 1, 'x') + "\"}"),
            "! {.a} is longer than an argument may be");
  EXPECT_EQ(filled("--exec 'x {.a}'", "{\"a\":\"" + std::string(128 << 10, 'x') + "\"}").size(), 128u << 10);
  EXPECT_EQ(filled("--exec 'x {.a}'", R"({"a":""})"), "");
  EXPECT_EQ(filled("--exec 'x {.}'", "\"s\""), "s");
  EXPECT_EQ(filled(R"(--exec 'x "{.[\"k\"][-1]}"')", R"({"k":[1,2]})"), "2");
}

TEST(Command, AValueMayNotBecomeAnOption) {
  EXPECT_EQ(filled("--exec 'x {.a}'", R"({"a":"-rf"})").substr(0, 26), "! {.a} begins with a dash,");
  EXPECT_EQ(filled("--exec 'x {.a}'", R"({"a":-1})").substr(0, 3), "! {");
  EXPECT_EQ(filled("--exec 'x {.b}{.a}'", R"({"a":"-rf","b":""})").substr(0, 3), "! {");
  EXPECT_EQ(filled("--exec 'x n={.a}'", R"({"a":"-rf"})"), "n=-rf");
  EXPECT_EQ(filled("--exec 'x -{.a}'", R"({"a":"-rf"})"), "--rf");
  EXPECT_EQ(filled("--allow-dash --exec 'x {.a}'", R"({"a":"-rf"})"), "-rf");
}

// The clock stands behind the oldest record without an answer: what a batch behind it sees does not depend on
// how fast the command is.
TEST(Command, HoldsTheStreamsClock) {
  for (const bool late : {false, true}) {
    const auto driver = drive("--time .t map --exec x --jobs 9 then batch --every 1s");
    const char* const lines[] = {R"({"t":0})", R"({"t":0.5})", R"({"t":1.5})", R"({"t":1.6})"};
    std::size_t i = 0;
    for (const char* line : lines) {
      driver->push(line);
      if (!late) driver->answer(i++, said(line));
    }
    for (std::size_t back = 4; late && back-- > 0;) driver->answer(back, said(lines[back]));
    driver->end();
    EXPECT_EQ(driver->take_out(), (Texts{R"([{"t":0},{"t":0.5}])", R"([{"t":1.5},{"t":1.6}])"})) << late;
  }
}

TEST(Command, WithoutTimeARecordsTimeIsThatOfItsAnswer) {
  const auto driver = drive("map --exec x then batch --size 1 --wrap");
  driver->push("1");
  driver->jump(instant("5s"));
  driver->answer(0, said("1"));
  const auto out = driver->take_out();
  ASSERT_EQ(out.size(), 1u);
  EXPECT_NE(out[0].find("1970-01-01T00:00:05"), std::string::npos) << out[0];
  driver->end();
}

TEST(Command, WorkUnderWayAtTheEndOfInputIsWaitedFor) {
  const auto driver = drive("map --exec x --jobs 2 then batch --size 9");
  driver->push("1");
  driver->push("2");
  driver->no_more();
  EXPECT_FALSE(driver->ended());
  driver->answer(1, said("2"));
  driver->answer(0, said("1"));
  EXPECT_TRUE(driver->ended());
  EXPECT_EQ(driver->take_out(), Texts{"[1,2]"});
}

TEST(Command, AbandonedWorkIsCancelledAndFailsAsShutdown) {
  for (const char* stage : {"map", "filter", "tap"}) {
    const auto driver = drive(std::string(stage) + " --exec x --jobs 2");
    for (const char* line : {"1", "2", "3"}) driver->push(line);
    driver->answer(1, exited(0));
    driver->abandon();
    EXPECT_TRUE(driver->asked()[0].cancelled) << stage;
    for (const Failure& failure : failures(*driver)) EXPECT_EQ(failure.kind, FailureKind::shutdown) << stage;
    driver->answer(0, said("9"));  // too late
    EXPECT_TRUE(driver->take_out().empty());
  }
}

// What is done outside is done for every record, whatever is wanted behind it.
TEST(Command, AFinishedTakeDoesNotStopTheReading) {
  const auto driver = drive("tap --exec x then take 1");
  driver->answer_all([](const Request&) { return exited(0); });
  for (const char* line : {"1", "2", "3"}) driver->push(line);
  EXPECT_TRUE(driver->reading());
  driver->end();
  EXPECT_EQ(driver->asked().size(), 3u);
  EXPECT_EQ(driver->take_out(), Texts{"1"});
}

TEST(Worker, HasSoManyLinesAtOnce) {
  const auto driver = drive("map --worker x --in-flight 3");
  for (const char* line : {"1", "2", "3", "4"}) driver->push(line);
  ASSERT_EQ(driver->asked().size(), 3u);
  EXPECT_TRUE(driver->asked()[0].request.command->keeps);
  driver->answer(0, said("1"));
  EXPECT_EQ(driver->asked().size(), 4u);
  for (std::size_t i = 1; i < 4; ++i) driver->answer(i, said(std::to_string(i + 1)));
  driver->end();
  EXPECT_EQ(driver->take_out(), (Texts{"1", "2", "3", "4"}));
}

TEST(Worker, AKeyStaysWithItsWorker) {
  const auto driver = drive("map --worker x --jobs 4 --by .k");
  for (int i = 0; i < 60; ++i) driver->push("{\"k\":" + std::to_string(i % 6) + "}");
  std::map<std::string, std::size_t> workers;
  std::set<std::size_t> used;
  for (const auto& asked : driver->asked()) {
    const auto [known, fresh] = workers.emplace(asked.request.input, asked.request.worker);
    EXPECT_EQ(known->second, asked.request.worker) << asked.request.input;
    used.insert(asked.request.worker);
  }
  EXPECT_EQ(driver->asked().size(), 60u);
  EXPECT_GT(used.size(), 1u);
  driver->abandon();
}

TEST(Worker, SpreadsOverItsWorkers) {
  const auto driver = drive("map --worker x --jobs 3 --in-flight 2");
  for (int i = 0; i < 6; ++i) driver->push("1");
  std::map<std::size_t, int> load;
  for (const auto& asked : driver->asked()) ++load[asked.request.worker];
  EXPECT_EQ(load, (std::map<std::size_t, int>{{0, 2}, {1, 2}, {2, 2}}));
  driver->abandon();
}

TEST(Worker, RestsLongerAfterEachDeathAndNotAfterAnAnswer) {
  const auto driver = drive("map --worker x --in-flight 2");
  const auto die = [&](std::size_t first, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) driver->answer(first + i, ended(Result::End::broken));
  };
  for (const char* line : {"1", "2", "3", "4", "5", "6", "7"}) driver->push(line);
  ASSERT_EQ(driver->asked().size(), 2u);
  die(0, 2);  // one death: one pause
  EXPECT_EQ(driver->asked().size(), 2u);
  EXPECT_EQ(failures(*driver).size(), 2u);
  driver->at(instant("99ms"));
  EXPECT_EQ(driver->asked().size(), 2u);
  driver->at(instant("100ms"));
  ASSERT_EQ(driver->asked().size(), 4u);
  die(2, 2);
  driver->at(instant("299ms"));
  EXPECT_EQ(driver->asked().size(), 4u);
  driver->at(instant("300ms"));
  ASSERT_EQ(driver->asked().size(), 6u);
  driver->answer(4, said("5"));
  driver->answer(5, ended(Result::End::broken));
  driver->answer(6, ended(Result::End::broken));
  driver->push("8");
  driver->at(instant("399ms"));
  EXPECT_EQ(driver->asked().size(), 7u);
  driver->at(instant("400ms"));
  ASSERT_EQ(driver->asked().size(), 8u) << "an answer sets the pause back";
  driver->answer(7, said("8"));
  driver->end();
}

TEST(Worker, WhatWasNotAskedIsAskedAgainInOrderAfterAPause) {
  const auto driver = drive("map --worker x --in-flight 3");
  for (const char* line : {"1", "2", "3"}) driver->push(line);
  ASSERT_EQ(driver->asked().size(), 3u);
  driver->answer(0, ended(Result::End::unasked));
  driver->answer(2, ended(Result::End::unasked));
  driver->answer(1, ended(Result::End::unasked));
  EXPECT_TRUE(failures(*driver).empty());
  driver->at(instant("99ms"));
  EXPECT_EQ(driver->asked().size(), 3u);
  driver->at(instant("100ms"));
  ASSERT_EQ(driver->asked().size(), 6u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(driver->asked()[3 + i].request.input, std::to_string(i + 1) + "\n");
    driver->answer(3 + i, said(std::to_string(i + 1)));
  }
  driver->end();
  EXPECT_EQ(driver->take_out(), (Texts{"1", "2", "3"}));
}

TEST(Worker, WhatWasNotAskedStaysWithItsWorkerWhereThereAreKeys) {
  const auto driver = drive("map --worker x --jobs 4 --by .");
  driver->push("7");
  const std::size_t worker = driver->asked().at(0).request.worker;
  driver->answer(0, ended(Result::End::unasked));
  driver->at(instant("100ms"));
  ASSERT_EQ(driver->asked().size(), 2u);
  EXPECT_EQ(driver->asked()[1].request.worker, worker);
  driver->answer(1, said("7"));
  driver->end();
}

TEST(Worker, OneThatIsSilentFromTheStartIsWonderedAboutOnce) {
  const auto driver = drive("map --worker x --in-flight 2");
  driver->push("1");
  driver->at(instant("4999ms"));
  EXPECT_TRUE(driver->take_events().empty());
  driver->at(instant("5s"));
  const auto events = driver->take_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, Kind::notice);
  EXPECT_EQ(events[0].text, "the worker has not answered for 5s; does it print each answer at once?");
  driver->push("2");
  driver->at(instant("1m"));
  EXPECT_TRUE(driver->take_events().empty());
  driver->answer(0, said("1"));
  driver->answer(1, said("2"));
  driver->push("3");
  driver->at(instant("2m"));
  EXPECT_EQ(driver->take_out(), (Texts{"1", "2"}));
  driver->answer(2, said("3"));
  driver->end();
}

TEST(Worker, OneThatFallsSilentIsWonderedAboutLater) {
  // As one does that has filled its buffer once and not again.
  const auto driver = drive("map --worker x --in-flight 2");
  driver->push("1");
  driver->push("2");
  driver->at(instant("4s"));
  driver->answer(0, said("1"));
  EXPECT_EQ(driver->take_out(), (Texts{"1"}));
  driver->at(instant("63s"));
  EXPECT_TRUE(driver->take_events().empty());
  driver->at(instant("64s"));
  const auto events = driver->take_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].text, "the worker has not answered for 1m; does it print each answer at once?");
  driver->answer(1, said("2"));
  EXPECT_EQ(driver->take_out(), (Texts{"2"}));
  driver->at(instant("10m"));
  driver->push("3");
  driver->at(instant("20m"));
  EXPECT_TRUE(driver->take_events().empty()) << "once";
  driver->answer(2, said("3"));
  driver->end();
}

TEST(Worker, OneThatHasNothingToAnswerIsNotWonderedAbout) {
  const auto driver = drive("map --worker x");
  driver->push("1");
  driver->answer(0, said("1"));
  EXPECT_EQ(driver->take_out(), (Texts{"1"}));
  driver->at(instant("1h"));
  EXPECT_TRUE(driver->take_events().empty());
  driver->end();
}

TEST(Worker, ARetryTriesAllThatADeadOneHadAndNotWhatItSaid) {
  const auto driver = drive("retry --delay 1ms --jitter none map --worker x --in-flight 3");
  for (const char* line : {"1", "2", "3"}) driver->push(line);
  ASSERT_EQ(driver->asked().size(), 3u);
  Result death = ended(Result::End::broken);
  death.signal = 9;
  driver->answer(0, death);
  driver->answer(1, death);
  driver->answer(2, said("no JSON"));
  const auto all = failures(*driver);
  ASSERT_EQ(all.size(), 1u) << "what a worker said is not asked for again";
  EXPECT_EQ(all[0].attempts, 1u);
  driver->at(instant("99ms"));
  EXPECT_EQ(driver->asked().size(), 3u) << "not before the worker starts again";
  driver->at(instant("100ms"));
  ASSERT_EQ(driver->asked().size(), 5u);
  driver->answer(3, said("1"));
  driver->answer(4, said("2"));
  driver->end();
  EXPECT_EQ(driver->take_out(), (Texts{"1", "2"}));
}

TEST(Worker, ReadsNoMoreWhileItRests) {
  const auto driver = drive("map --worker x --in-flight 1");
  driver->push("1");
  driver->answer(0, ended(Result::End::unstarted));
  driver->push("2");
  driver->push("3");
  EXPECT_TRUE(driver->blocked());
  EXPECT_EQ(driver->arrived(), 1u);
  driver->answer_all([](const Request& request) { return said(request.input); });
  driver->end();
  EXPECT_EQ(driver->take_out(), (Texts{"2", "3"}));
}

}  // namespace
}  // namespace sz::stages_test
