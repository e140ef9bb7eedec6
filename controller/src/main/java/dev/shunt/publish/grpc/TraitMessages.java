package dev.shunt.publish.grpc;

import dev.shunt.observe.WorkloadName;
import dev.shunt.v1.ForgetTraitsRequest;
import dev.shunt.v1.Trait;
import dev.shunt.v1.TraitEffect;
import dev.shunt.v1.WorkloadTrait;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.function.Predicate;

/** Traits of workloads as messages. Stateless. */
final class TraitMessages {
  private TraitMessages() {}

  static List<WorkloadTrait> traits(List<dev.shunt.observe.WorkloadTrait> views) {
    return views.stream().map(TraitMessages::trait).toList();
  }

  private static WorkloadTrait trait(dev.shunt.observe.WorkloadTrait view) {
    WorkloadTrait.Builder message =
        WorkloadTrait.newBuilder()
            .setCgroup(view.workload().cgroup())
            .setExecutable(view.workload().executable())
            .setPolicy(view.workload().policy())
            .setTrait(Trait.valueOf("TRAIT_" + view.trait().name()))
            .setEffect(TraitEffect.valueOf("TRAIT_EFFECT_" + view.effect().name()));
    view.use()
        .ifPresent(
            use ->
                message
                    .setLearned(Times.toProto(use.learned()))
                    .setLastSeen(Times.toProto(use.lastSeen()))
                    .setExpiresIn(Times.toProto(use.expiresIn()))
                    .setTimesSeen(use.times()));
    return message.build();
  }

  /**
   * The workloads that are meant.
   *
   * @throws StatusRuntimeException INVALID_ARGUMENT unless exactly one of the two fields is set
   */
  static Predicate<WorkloadName> which(ForgetTraitsRequest request) {
    if (request.getAll() == !request.getWorkload().isEmpty()) {
      throw Status.INVALID_ARGUMENT
          .withDescription("workload: one is needed, or all (expected: exactly one of the two)")
          .asRuntimeException();
    }
    return request.getAll() ? any -> true : name -> name.isCalled(request.getWorkload());
  }

  /** Says that nothing was forgotten. */
  static StatusRuntimeException notFound(String workload) {
    return Status.NOT_FOUND
        .withDescription(
            "forget traits of %s failed: none is learned; 'shunt traits' lists them"
                .formatted(workload))
        .asRuntimeException();
  }
}
