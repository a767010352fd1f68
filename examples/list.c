/* A doubly linked list and a counter: loads, stores, a call.
 *
 * examples/list.s was made from this file by Debian's clang 19.1.7:
 *   clang-19 --target=aarch64-unknown-linux-gnu -O2 -S list.c -o list.s
 */

struct node {
    struct node *next, *previous;
    int value;
};

int node_value(const struct node *node) { return node->value; }

void set_value(struct node *node, int value) { node->value = value; }

struct node *next_of(struct node *node) { return node->next; }

void link_after(struct node *left, struct node *right) {
    left->next = right;
    right->previous = left;
}

extern void release(void *memory);

void drop(struct node *node) { release(node->next); }
