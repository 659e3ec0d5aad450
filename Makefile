demo test:
	./run $@

.PHONY: demo test
