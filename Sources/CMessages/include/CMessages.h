#pragma once
#include <string.h>
#include <protobuf-c/protobuf-c.h>
#include "ujuzi/v1/events.pb-c.h"
#include "ujuzi/v1/services.pb-c.h"
#include "ujuzi/v1/states.pb-c.h"
#include "ujuzi/v1/wire.pb-c.h"
