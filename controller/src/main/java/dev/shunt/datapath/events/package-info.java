/** From the kernel's ring buffer to typed events. */
@NullMarked
package dev.shunt.datapath.events;

import org.jspecify.annotations.NullMarked;
