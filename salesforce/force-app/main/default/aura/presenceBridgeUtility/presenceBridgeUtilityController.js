// Passes the toolkit's events to the companion, and the companion's questions to the toolkit.
({
    connectionError: function (component, event, helper) {
        helper.tell(component, 'connectionError', event);
    },

    loginSuccess: function (component, event, helper) {
        helper.tell(component, 'loginSuccess', event);
    },

    logout: function (component, event, helper) {
        helper.tell(component, 'logout', event);
    },

    statusChanged: function (component, event, helper) {
        helper.tell(component, 'statusChanged', event);
    },

    workAssigned: function (component, event, helper) {
        helper.tell(component, 'workAssigned', event);
    },

    workAccepted: function (component, event, helper) {
        helper.tell(component, 'workAccepted', event);
    },

    workDeclined: function (component, event, helper) {
        helper.tell(component, 'workDeclined', event);
    },

    workClosed: function (component, event, helper) {
        helper.tell(component, 'workClosed', event);
    },

    workloadChanged: function (component, event, helper) {
        helper.tell(component, 'workloadChanged', event);
    },

    ask: function (component, event, helper) {
        helper.ask(component, {
            call: event.getParam('call'),
            method: event.getParam('method'),
            args: event.getParam('args')
        });
    }
})
