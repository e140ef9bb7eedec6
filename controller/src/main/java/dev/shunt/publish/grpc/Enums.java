package dev.shunt.publish.grpc;

import dev.shunt.observe.EventType;
import dev.shunt.observe.Mode;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Side;
import dev.shunt.observe.Step;
import java.util.Objects;

/** Enums of the view as enums of the proto. Stateless. */
final class Enums {
  private Enums() {}

  static dev.shunt.v1.Mode toProto(Mode mode) {
    return switch (mode) {
      case OFF -> dev.shunt.v1.Mode.MODE_OFF;
      case OBSERVE -> dev.shunt.v1.Mode.MODE_OBSERVE;
      case ACCELERATE -> dev.shunt.v1.Mode.MODE_ACCELERATE;
      case POLICY -> dev.shunt.v1.Mode.MODE_POLICY;
    };
  }

  static dev.shunt.v1.Reason toProto(Reason reason) {
    return Objects.requireNonNull(dev.shunt.v1.Reason.forNumber(reason.number()), reason::name);
  }

  static dev.shunt.v1.Step toProto(Step step) {
    return Objects.requireNonNull(dev.shunt.v1.Step.forNumber(step.number()), step::name);
  }

  static dev.shunt.v1.Side toProto(Side side) {
    return side == Side.ACTIVE ? dev.shunt.v1.Side.SIDE_ACTIVE : dev.shunt.v1.Side.SIDE_PASSIVE;
  }

  static dev.shunt.v1.EventType toProto(EventType type) {
    return switch (type) {
      case OPEN -> dev.shunt.v1.EventType.EVENT_TYPE_OPEN;
      case ADOPT -> dev.shunt.v1.EventType.EVENT_TYPE_ADOPT;
      case JOIN -> dev.shunt.v1.EventType.EVENT_TYPE_JOIN;
      case SPILL -> dev.shunt.v1.EventType.EVENT_TYPE_SPILL;
      case CLOSE -> dev.shunt.v1.EventType.EVENT_TYPE_CLOSE;
      case TRAIT -> dev.shunt.v1.EventType.EVENT_TYPE_TRAIT;
      case REFUSE -> dev.shunt.v1.EventType.EVENT_TYPE_REFUSE;
      case STAND_DOWN -> dev.shunt.v1.EventType.EVENT_TYPE_STAND_DOWN;
      case RESUME -> dev.shunt.v1.EventType.EVENT_TYPE_RESUME;
      case NEIGHBOUR -> dev.shunt.v1.EventType.EVENT_TYPE_NEIGHBOUR;
      case NEIGHBOUR_GONE -> dev.shunt.v1.EventType.EVENT_TYPE_NEIGHBOUR_GONE;
    };
  }
}
