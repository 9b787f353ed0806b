/* The same question and answer over gRPC, as its C++ library does it best for small calls: the
 * asynchronous API, one thread on one completion queue at either end, no TLS.
 *
 *   grpc_peer serve --reply-bytes N
 *   grpc_peer load --port P [--channels C] [--in-flight D] [--seconds S] [--warm-ms MS]
 *
 * `serve` prints "ready PORT" and runs until it is killed. `load` keeps D calls in flight on each of
 * C channels, which share no connection, and prints one line of JSON; questions are as long as those
 * of the registry's clients. */
#include "peer.grpc.pb.h"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <grpcpp/grpcpp.h>
#include <memory>
#include <string>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t key_bytes = 32;
/* Calls that the server has asked for and that have not come yet. */
constexpr int waiting_max = 512;

[[noreturn]] void die(const char *what) {
  fprintf(stderr, "grpc_peer: %s\n", what);
  exit(2);
}

struct Options {
  int port = 0, channels = 8, in_flight = 16, seconds = 3, warm_ms = 200, reply_bytes = 250;
};

Options parse(int count, char **arguments) {
  Options options;
  for (int i = 2; i + 1 < count; i += 2) {
    std::string name = arguments[i];
    int value = atoi(arguments[i + 1]);
    if (name == "--port") options.port = value;
    else if (name == "--channels") options.channels = value;
    else if (name == "--in-flight") options.in_flight = value;
    else if (name == "--seconds") options.seconds = value;
    else if (name == "--warm-ms") options.warm_ms = value;
    else if (name == "--reply-bytes") options.reply_bytes = value;
    else die("unknown option");
  }
  return options;
}

/* One call at the server: waits to be called, answers, is asked for anew. */
struct Served {
  peer::Registry::AsyncService *service;
  grpc::ServerCompletionQueue *queue;
  const peer::Answer *answer;
  std::unique_ptr<grpc::ServerContext> context;
  std::unique_ptr<grpc::ServerAsyncResponseWriter<peer::Answer>> writer;
  peer::Question question;
  bool answered = false;

  void wait() {
    answered = false;
    context = std::make_unique<grpc::ServerContext>();
    writer = std::make_unique<grpc::ServerAsyncResponseWriter<peer::Answer>>(context.get());
    service->RequestVerify(context.get(), &question, writer.get(), queue, queue, this);
  }

  void proceed() {
    if (answered) return wait();
    answered = true;
    writer->Finish(*answer, grpc::Status::OK, this);
  }
};

int serve(const Options &options) {
  peer::Registry::AsyncService service;
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  auto queue = builder.AddCompletionQueue();
  auto server = builder.BuildAndStart();
  if (!server) die("cannot listen");
  peer::Answer answer;
  answer.set_packed(std::string(options.reply_bytes, 'a'));
  std::vector<Served> calls(waiting_max);
  for (auto &call : calls) {
    call.service = &service;
    call.queue = queue.get();
    call.answer = &answer;
    call.wait();
  }
  printf("ready %d\n", port);
  fflush(stdout);
  void *tag;
  bool ok;
  while (queue->Next(&tag, &ok)) {
    auto *call = static_cast<Served *>(tag);
    if (ok) call->proceed();
    else call->wait();
  }
  return 0;
}

struct Asked {
  peer::Registry::Stub *stub;
  std::unique_ptr<grpc::ClientContext> context;
  std::unique_ptr<grpc::ClientAsyncResponseReader<peer::Answer>> reader;
  peer::Answer answer;
  grpc::Status status;

  void ask(const peer::Question &question, grpc::CompletionQueue &queue) {
    context = std::make_unique<grpc::ClientContext>();
    reader = stub->AsyncVerify(context.get(), question, &queue);
    reader->Finish(&answer, &status, this);
  }
};

int load(const Options &options) {
  peer::Question question;
  question.set_credential(std::string(key_bytes, 'k'));
  std::vector<std::unique_ptr<peer::Registry::Stub>> stubs;
  for (int i = 0; i < options.channels; i++) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    auto channel = grpc::CreateCustomChannel(
        "127.0.0.1:" + std::to_string(options.port), grpc::InsecureChannelCredentials(), arguments);
    if (!channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(5)))
      die("no connection within 5 s");
    stubs.push_back(peer::Registry::NewStub(channel));
  }
  grpc::CompletionQueue queue;
  std::vector<Asked> calls(options.channels * options.in_flight);
  auto counting_from = Clock::now() + std::chrono::milliseconds(options.warm_ms);
  auto stop_at = counting_from + std::chrono::seconds(options.seconds);
  size_t open = 0, bytes = 0;
  unsigned long long counted = 0;
  for (size_t i = 0; i < calls.size(); i++, open++) {
    calls[i].stub = stubs[i % stubs.size()].get();
    calls[i].ask(question, queue);
  }
  void *tag;
  bool ok;
  while (open > 0 && queue.Next(&tag, &ok)) {
    auto *call = static_cast<Asked *>(tag);
    if (!ok || !call->status.ok()) die("a call failed");
    bytes = call->answer.packed().size();
    auto now = Clock::now();
    if (now >= counting_from && now < stop_at) counted++;
    if (now < stop_at) call->ask(question, queue);
    else open--;
  }
  printf("{\"counted\": %llu, \"per_second\": %.1f, \"reply_bytes\": %zu, \"errors\": 0}\n", counted,
         (double)counted / options.seconds, bytes);
  return 0;
}

} // namespace

int main(int count, char **arguments) {
  std::string what = count > 1 ? arguments[1] : "";
  Options options = parse(count, arguments);
  if (what == "serve") return serve(options);
  if (what == "load" && options.port > 0) return load(options);
  die("serve, or load with --port, is wanted");
}
