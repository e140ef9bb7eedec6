/**
 * {@code shunt verify kernels}: the data path on kernels other than the host's.
 *
 * <ol>
 *   <li>{@link KernelCatalog} chooses kernel packages among those that apt offers; {@link
 *       KernelStore} fetches and unpacks each once, into the user's cache.
 *   <li>{@link GuestArchive} packs this very build with its JDK, libbpf and the C peers into an
 *       initramfs.
 *   <li>{@link Guest} boots the kernel in QEMU. There, as on the host in {@link HostKernel}, {@code
 *       matrix.sh} loads each program alone, starts the real node and runs each case twice.
 *   <li>{@link Transcript} reads the lines that come back; {@link KernelsReport} shows them.
 * </ol>
 *
 * <p>Nothing is replayed by a stand-in: programs, ladders and self-test are those of the product.
 */
@NullMarked
package dev.shunt.e2e.verify.kernels;

import org.jspecify.annotations.NullMarked;
