#include "conformance.pb-c.h"
#include "google/protobuf/test_messages_proto3.pb-c.h"

// The descriptors, which Swift does not see as constants of an incomplete array's kind.
static inline const ProtobufCMessageDescriptor *testAllTypes(void) {
  return &protobuf_test_messages__proto3__test_all_types_proto3__descriptor;
}
static inline const ProtobufCMessageDescriptor *requestDescriptor(void) {
  return &conformance__conformance_request__descriptor;
}
